using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Dashboards.Models;

/// <summary>Assets and what has lately written them.</summary>
public sealed record AssetsModel(IReadOnlyList<AssetInfo> Assets, int Total, string? Search, IReadOnlyList<AssetEventInfo> Events);
