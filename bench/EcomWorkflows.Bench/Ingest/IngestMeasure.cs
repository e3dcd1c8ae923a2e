namespace EcomWorkflows.Bench.Ingest;

/// <summary>What one ingestion took.</summary>
/// <param name="Seconds">Wall seconds from the trigger of the run to its end.</param>
/// <param name="CpuSeconds">Processor seconds of the node; PostgreSQL's, which holds only the catalog, are not in it.</param>
/// <param name="PeakMegabytes">Most resident memory of the node meanwhile.</param>
/// <param name="SpilledMegabytes">Most that lay in the tasks' work folders meanwhile.</param>
/// <param name="Tasks">The tasks that had the rows, in their order.</param>
internal sealed record IngestMeasure(long Rows, double Seconds, double CpuSeconds, double PeakMegabytes, double SpilledMegabytes, IReadOnlyList<TaskMeasure> Tasks)
{
    public double MicrosecondsPerRow => Seconds * 1e6 / Rows;
}
