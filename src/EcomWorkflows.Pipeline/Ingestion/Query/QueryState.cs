namespace EcomWorkflows.Pipeline.Ingestion.Query;

/// <summary>Up to where an incremental query was read, and the tables that hold what was read until then.</summary>
internal sealed record QueryState(string Watermark, long BronzeSnapshot, long RejectsSnapshot);
