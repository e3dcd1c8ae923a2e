using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Dashboards.Models;

/// <summary>Runs that fit a filter.</summary>
/// <param name="Query">What was asked for, to be shown in the form again.</param>
/// <param name="Older">Address of the next page; null on the last one.</param>
public sealed record RunListModel(IReadOnlyList<FoundRun> Runs, RunListQuery Query, IReadOnlyList<string> DagIds, string? Older, DateTimeOffset Now);
