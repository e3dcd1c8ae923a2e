using System.Diagnostics.Metrics;

namespace EcomWorkflows.Pipeline.Ingestion;

/// <summary>Counters of what was ingested, by source, entity and kind of source.</summary>
internal static class IngestionMetrics
{
    public const string MeterName = "EcomWorkflows.Ingestion";

    private static readonly Meter Meter = new(MeterName);
    private static readonly Counter<long> Kept = Meter.CreateCounter<long>("ecom.ingestion.rows_kept", "{row}", "Records that became bronze rows.");
    private static readonly Counter<long> Rejected = Meter.CreateCounter<long>("ecom.ingestion.rows_rejected", "{row}", "Records that became no row.");
    private static readonly Counter<long> Bytes = Meter.CreateCounter<long>("ecom.ingestion.raw_bytes", "By", "Bytes of the raw files, packed as they came.");
    private static readonly Counter<long> Published = Meter.CreateCounter<long>("ecom.ingestion.published", "{snapshot}", "Snapshots of bronze tables published.");

    public static void Record(string source, string entity, string kind, long kept, long rejected, long bytes)
    {
        KeyValuePair<string, object?>[] tags = [new("source", source), new("entity", entity), new("kind", kind)];
        Kept.Add(kept, tags);
        Rejected.Add(rejected, tags);
        Bytes.Add(bytes, tags);
        Published.Add(1, tags);
    }
}
