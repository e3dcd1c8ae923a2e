using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Dashboards.Models;

/// <summary>A DAG as the start page lists it.</summary>
/// <param name="Runs">The newest runs, newest first.</param>
/// <param name="NextRun">When the schedule fires next; null when it is paused or has none.</param>
/// <param name="CanStart">Whether a run needs no parameters beyond the defaults.</param>
public sealed record DagRow(DagInfo Info, Dag Dag, IReadOnlyList<RunInfo> Runs, string Schedule, DateTimeOffset? NextRun, bool CanStart);
