namespace EcomWorkflows.Bench.Ingest;

/// <summary>What one task took.</summary>
/// <param name="CpuSeconds">Processor seconds of the node meanwhile, whatever they went to; to about a tenth of a second.</param>
/// <param name="PeakMegabytes">Most resident memory of the node meanwhile.</param>
internal sealed record TaskMeasure(string TaskId, double Seconds, double CpuSeconds, double PeakMegabytes);
