using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Tests.Reference;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.Planning;

/// <summary>Each row of the table of trigger rules against every multiset of up to four upstreams, finished or not.</summary>
public sealed class TriggerRuleTableTests
{
    private const int Most = 4;

    public static TheoryData<string, string, string> Clauses
    {
        get
        {
            var clauses = new TheoryData<string, string, string>();
            foreach (var row in RuleTable.Rows)
            {
                foreach (var (condition, state) in row.AutoStates)
                    clauses.Add(row.Rule.ToWire(), condition, state);
                clauses.Add(row.Rule.ToWire(), row.RunIf, "run");
            }
            return clauses;
        }
    }

    public static TheoryData<TriggerRule> Rules => [.. Enum.GetValues<TriggerRule>()];

    [Fact]
    public void The_table_has_a_row_for_every_rule_but_always() =>
        RuleTable.Rows.Select(r => r.Rule).ShouldBe(Enum.GetValues<TriggerRule>().Where(r => r != TriggerRule.Always), ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Clauses))]
    public void A_clause_of_the_table_decides_wherever_it_is_the_first_that_holds(string rule, string condition, string result)
    {
        var row = RuleTable.Rows.Single(r => r.Rule.ToWire() == rule);
        var conditions = row.AutoStates.Select(a => a.Condition).Append(row.RunIf).ToList();
        var before = conditions[..conditions.IndexOf(condition)];
        var cases = 0;
        foreach (var (m, index) in Cases(row.Rule).Where(c => c.Multiset.N > 0 && row.Holds(condition, c.Multiset, c.MapIndex) && !before.Any(b => row.Holds(b, c.Multiset, c.MapIndex))))
        {
            Decide(row.Rule, m, index).ShouldBe(result, $"{rule} of {m}, map index {index}");
            cases++;
        }
        cases.ShouldBeGreaterThan(0);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Where_no_clause_holds_the_instance_waits(TriggerRule rule)
    {
        foreach (var (m, index) in Cases(rule))
            Decide(rule, m, index).ShouldBe(RuleTable.Decide(rule, m, index), $"{rule} of {m}, map index {index}");
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Every_rule_decides_when_all_upstreams_are_done(TriggerRule rule)
    {
        foreach (var (m, index) in Cases(rule).Where(c => c.Multiset.D == c.Multiset.N))
            Decide(rule, m, index).ShouldNotBeNull($"{rule} of {m}, map index {index}");
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_decision_stays_when_more_upstreams_end(TriggerRule rule)
    {
        foreach (var (m, index) in Cases(rule).Where(c => c.Multiset.D < c.Multiset.N))
        {
            if (Decide(rule, m, index) is not { } decided)
                continue;
            foreach (var more in More(m))
            {
                Decide(rule, more, index).ShouldBe(decided, $"{rule} of {m} then {more}");
            }
        }
    }

    private static string? Decide(TriggerRule rule, RuleTable.Multiset m, int mapIndex)
    {
        var counts = new UpstreamCounts(m.N, m.S, m.K, m.F, m.U, m.R) { Setups = new SetupCounts(m.Setups, m.SetupSuccess, m.SetupSkipped, m.Setups - m.SetupSuccess - m.SetupSkipped - m.SetupRemoved, m.SetupRemoved) };
        return TriggerRules.Decide(rule, counts, mapIndex) switch
        {
            TriggerDecision.Wait => null,
            TriggerDecision.Run => "run",
            var decision => decision.StateWithoutRun().ToWire(),
        };
    }

    private static IEnumerable<RuleTable.Multiset> More(RuleTable.Multiset m) =>
        [m with { S = m.S + 1 }, m with { K = m.K + 1 }, m with { F = m.F + 1 }, m with { U = m.U + 1 }, m with { R = m.R + 1 }];

    private static IEnumerable<(RuleTable.Multiset Multiset, int MapIndex)> Cases(TriggerRule rule) =>
        from n in Enumerable.Range(0, Most + 1)
        from s in Enumerable.Range(0, n + 1)
        from k in Enumerable.Range(0, n - s + 1)
        from f in Enumerable.Range(0, n - s - k + 1)
        from u in Enumerable.Range(0, n - s - k - f + 1)
        from r in Enumerable.Range(0, n - s - k - f - u + 1)
        let plain = new RuleTable.Multiset(n, s, k, f, u, r)
        from m in rule == TriggerRule.AllDoneSetupSuccess ? WithSetups(plain) : [plain]
        from index in new[] { -1, 0, 2 }
        select (m, index);

    private static IEnumerable<RuleTable.Multiset> WithSetups(RuleTable.Multiset m) =>
        from s in Enumerable.Range(0, m.S + 1)
        from k in Enumerable.Range(0, m.K + 1)
        from failed in Enumerable.Range(0, m.F + m.U + 1)
        from r in Enumerable.Range(0, m.R + 1)
        select m with { Setups = s + k + failed + r, SetupSuccess = s, SetupSkipped = k, SetupRemoved = r };
}
