using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Pipeline.Versioning;

namespace EcomWorkflows.Server.Dashboards.Models;

/// <summary>One version with its manifest.</summary>
/// <param name="Maker">The attempt that made it; null where a person did, or another installation's run.</param>
public sealed record DatasetVersionModel(DatasetVersion Version, DatasetManifest Manifest, AttemptPlace? Maker);
