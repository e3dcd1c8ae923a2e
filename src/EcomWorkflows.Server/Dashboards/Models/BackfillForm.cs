using System.Globalization;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Server.Api;

namespace EcomWorkflows.Server.Dashboards.Models;

/// <summary>A backfill as its form carries it: texts, until somebody asks for a preview.</summary>
/// <param name="From">First logical date, UTC.</param>
/// <param name="To">Last logical date, UTC, inclusive.</param>
public sealed record BackfillForm(string Dag, string From, string To, string Reprocess, bool RunBackwards, string MaxActiveRuns)
{
    public bool IsFilled => Dag.Length > 0 && From.Length > 0 && To.Length > 0;

    internal static BackfillForm Read(Func<string, string?> value) => new(
        value("dag")?.Trim() ?? "", Moment(value("from")), Moment(value("to")), value("reprocess") is { Length: > 0 } reprocess ? reprocess : ReprocessBehavior.None.ToWire(),
        value("backwards") == "true", value("max_active_runs") is { Length: > 0 } runs ? runs : BackfillRequest.DefaultMaxActiveRuns.ToString(CultureInfo.InvariantCulture));

    /// <exception cref="BadRequestException">A field cannot be read.</exception>
    internal BackfillRequest ToRequest() => new(
        Dag, Date("From", From), Date("To", To),
        Reprocess: StateNames.TryParse<ReprocessBehavior>(Reprocess, out var behavior)
            ? behavior : throw new BadRequestException($"'{Reprocess}' is no way to treat existing runs; allowed: {string.Join(", ", StateNames.All<ReprocessBehavior>())}."),
        RunBackwards: RunBackwards,
        MaxActiveRuns: int.TryParse(MaxActiveRuns, NumberStyles.None, CultureInfo.InvariantCulture, out var runs) ? runs : throw new BadRequestException($"'{MaxActiveRuns}' is no number of runs."));

    internal IEnumerable<(string Name, string Value)> Fields() =>
        [("dag", Dag), ("from", From), ("to", To), ("reprocess", Reprocess), ("backwards", RunBackwards ? "true" : "false"), ("max_active_runs", MaxActiveRuns)];

    /// <summary>A day alone is its first moment, as the field writes it.</summary>
    private static string Moment(string? text) => text is { Length: 10 } ? text + "T00:00" : text ?? "";

    private static DateTimeOffset Date(string name, string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at : throw new BadRequestException($"{name} is '{text}', which is no date and time; write it as 2026-11-01T00:00.");
}
