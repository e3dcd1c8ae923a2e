using System.Text.RegularExpressions;
using EcomWorkflows.Orchestration.Dags;

namespace EcomWorkflows.Orchestration.Tests.Reference;

/// <summary>
/// The trigger rules as the table of the semantics writes them, and an interpreter of that text. Tests are generated from it, and the reference interpreter decides by it;
/// it knows nothing of the planner.
/// </summary>
public static partial class RuleTable
{
    public const string Text =
        """
        | `all_success`* (default) | u+f>0: upstream_failed; else d=N and k>0: skipped (**ours:** waits for d=N, so arrival order cannot matter); mapped index ≥ s while r>0: removed | s=N |
        | `all_failed`* | s+k>0: skipped | f+u=N |
        | `all_done` | – | d=N |
        | `one_success` | d=N and k=d: skipped; d=N and s=0: upstream_failed | s≥1 (does not wait) |
        | `one_failed` | d=N and f+u=0: skipped | f+u≥1 |
        | `one_done` | d=N and s+f=0: skipped | s+f≥1 |
        | `none_failed`* | u+f>0: upstream_failed | s+k=N |
        | `none_failed_min_one_success`* | u+f>0: upstream_failed; k=N: skipped | s+k=N and s≥1 |
        | `none_skipped` | k>0: skipped | d=N and k=0 |
        | `all_skipped` | s+f+u>0: skipped | k=N |
        | `all_done_min_one_success`* | d=N and (k>0): skipped; d=N and s=0: upstream_failed | d=N, k=0, s≥1 |
        | `all_done_setup_success` (teardowns) | d=N and all setups skipped: skipped; d=N and no setup succeeded: upstream_failed | d=N and (no setup upstream or ≥1 setup success) |
        """;

    public static IReadOnlyList<Row> Rows { get; } = [.. Text.Split('\n').Select(Row.Parse)];

    /// <summary>What the table says: <c>run</c>, a state, or null for "wait".</summary>
    public static string? Decide(TriggerRule rule, Multiset upstream, int mapIndex)
    {
        if (rule == TriggerRule.Always || upstream.N == 0)
            return "run";
        var row = Rows.Single(r => r.Rule == rule);
        foreach (var (condition, state) in row.AutoStates)
        {
            if (row.Holds(condition, upstream, mapIndex))
                return state;
        }
        if (row.Holds(row.RunIf, upstream, mapIndex))
            return "run";
        // The one case the table leaves open: nothing but skipped and removed upstreams, of which not all are skipped.
        return rule == TriggerRule.AllSkipped && upstream.D == upstream.N ? "skipped" : null;
    }

    /// <summary>N upstream instances and how those that are finished ended; the setups among them for a teardown.</summary>
    public readonly record struct Multiset(int N, int S, int K, int F, int U, int R, int Setups = 0, int SetupSuccess = 0, int SetupSkipped = 0, int SetupRemoved = 0)
    {
        public int D => S + K + F + U + R;
    }

    /// <summary>One row of the table.</summary>
    public sealed partial record Row(TriggerRule Rule, bool SubtractsRemoved, IReadOnlyList<(string Condition, string State)> AutoStates, string RunIf)
    {
        public static Row Parse(string line)
        {
            var cells = line.Trim().Trim('|').Split('|').Select(c => c.Trim()).ToList();
            var name = Name().Match(cells[0]);
            var auto = Note().Replace(cells[1], "").Split(';', StringSplitOptions.TrimEntries)
                .Where(clause => clause != "–")
                .Select(clause => clause.Split(':', 2, StringSplitOptions.TrimEntries))
                .Select(parts => (parts[0].StartsWith("else ", StringComparison.Ordinal) ? parts[0]["else ".Length..] : parts[0], parts[1]))
                .ToList();
            return new Row(
                Enum.Parse<TriggerRule>(name.Groups[1].Value.Replace("_", "", StringComparison.Ordinal), ignoreCase: true), name.Groups[2].Value == "*",
                auto, cells[2].Replace(" (does not wait)", "", StringComparison.Ordinal));
        }

        public bool Holds(string condition, Multiset m, int mapIndex) =>
            condition.Replace("(no setup upstream or ≥1 setup success)", "a setup allows it", StringComparison.Ordinal)
                .Split([" and ", ", "], StringSplitOptions.TrimEntries).All(part => Part(part.Trim('(', ')'), m, mapIndex));

        private bool Part(string part, Multiset m, int mapIndex)
        {
            var setups = m.Setups - m.SetupRemoved;
            switch (part)
            {
                case "mapped index ≥ s while r>0":
                    return mapIndex >= 0 && m.D == m.N && m.R > 0 && mapIndex >= m.S;
                case "all setups skipped":
                    return setups > 0 && m.SetupSkipped == setups;
                case "no setup succeeded":
                    return setups > 0 && m.SetupSuccess == 0;
                case "a setup allows it":
                    return setups == 0 || m.SetupSuccess >= 1;
            }
            var match = Comparison().Match(part);
            if (!match.Success)
                throw new FormatException($"'{part}' in the row of {Rule} cannot be read.");
            var left = match.Groups[1].Value.Split('+').Sum(letter => Value(letter, m));
            var right = int.TryParse(match.Groups[3].Value, out var number) ? number : Value(match.Groups[3].Value, m);
            return match.Groups[2].Value switch
            {
                "=" => left == right,
                ">" => left > right,
                _ => left >= right,
            };
        }

        private int Value(string letter, Multiset m) => letter switch
        {
            "s" => m.S,
            "k" => m.K,
            "f" => m.F,
            "u" => m.U,
            "d" => SubtractsRemoved ? m.D - m.R : m.D,
            "N" => SubtractsRemoved ? m.N - m.R : m.N,
            _ => throw new FormatException($"'{letter}' is no letter of the table."),
        };

        [GeneratedRegex(@"^`(\w+)`(\*?)")]
        private static partial Regex Name();

        [GeneratedRegex(@" \(\*\*ours[^)]*\)")]
        private static partial Regex Note();

        [GeneratedRegex(@"^([a-zN](?:\+[a-zN])*)(=|>|≥)([a-zN]|\d+)$")]
        private static partial Regex Comparison();
    }
}
