using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Server.Api;
using Microsoft.AspNetCore.Mvc;

namespace EcomWorkflows.Server.Dashboards.Models;

/// <summary>The filters of the list of runs, as its address carries them.</summary>
public sealed record RunListQuery
{
    public static IReadOnlyList<string> RunTypes { get; } = ["manual", "scheduled", "backfill", "asset_triggered"];

    [FromQuery(Name = "dag")]
    public string? Dag { get; init; }

    /// <summary>Wire name of a <see cref="RunSituation"/>.</summary>
    [FromQuery(Name = "state")]
    public string? State { get; init; }

    [FromQuery(Name = "type")]
    public string? Type { get; init; }

    [FromQuery(Name = "q")]
    public string? Text { get; init; }

    /// <summary>Only runs with failed tasks.</summary>
    [FromQuery(Name = "failed")]
    public bool? Failed { get; init; }

    /// <summary>Only runs older than this one.</summary>
    [FromQuery(Name = "before")]
    public long? Before { get; init; }

    public bool IsFiltered => Dag is { Length: > 0 } || State is { Length: > 0 } || Type is { Length: > 0 } || Text is { Length: > 0 } || Failed == true;

    /// <exception cref="BadRequestException">A state or type is none there is.</exception>
    internal RunFilter ToFilter()
    {
        if (State is { Length: > 0 } state && !StateNames.TryParse<RunSituation>(state, out _))
            throw new BadRequestException($"'{state}' is no state of a run; allowed: {string.Join(", ", StateNames.All<RunSituation>())}.");
        if (Type is { Length: > 0 } type && !RunTypes.Contains(type))
            throw new BadRequestException($"'{type}' is no type of a run; allowed: {string.Join(", ", RunTypes)}.");
        return new RunFilter
        {
            DagIds = Dag is { Length: > 0 } dag ? [dag] : [],
            Situations = State is { Length: > 0 } known ? [StateNames.Parse<RunSituation>(known)] : [],
            RunTypes = Type is { Length: > 0 } one ? [one] : [],
            Text = Text?.Trim(),
            HasIncidents = Failed == true ? true : null,
        };
    }

    /// <summary>Address of the page with what comes before a run.</summary>
    internal string OlderThan(long runId)
    {
        var parts = new[] { ("dag", Dag), ("state", State), ("type", Type), ("q", Text), ("failed", Failed == true ? "true" : null), ("before", runId.ToString(System.Globalization.CultureInfo.InvariantCulture)) };
        return $"{Links.Runs}?{string.Join('&', parts.Where(p => p.Item2 is { Length: > 0 }).Select(p => $"{p.Item1}={Uri.EscapeDataString(p.Item2!)}"))}";
    }
}
