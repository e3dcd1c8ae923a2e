namespace EcomWorkflows.Pipeline.Ingestion.Drift;

/// <summary>How delivered columns can differ from the declared ones; see <see cref="Sources.DriftPolicy"/>.</summary>
internal enum DriftKind
{
    New,
    Missing,
    Reordered,
    Retyped,
    Uneven,
}
