namespace EcomWorkflows.Pipeline.Ingestion.Inference;

/// <summary>What numbers that are times count since 1970-01-01 UTC.</summary>
internal enum EpochUnit
{
    Seconds,
    Milliseconds,
}
