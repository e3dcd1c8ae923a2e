using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Dashboards.Models;

/// <summary>The pools and the tasks that fit none of them.</summary>
/// <param name="Problem">Why the last change was refused.</param>
public sealed record PoolsModel(IReadOnlyList<PoolInfo> Pools, IReadOnlyList<DagWarning> Warnings, string? Notice, string? Problem);
