using EcomWorkflows.Pipeline.Sources;

namespace EcomWorkflows.Pipeline.Ingestion.Drift;

/// <summary>One difference between declared and delivered columns, and what it does.</summary>
internal sealed record DriftFinding(DriftKind Kind, DriftAction Action, string Message);
