using EcomWorkflows.Pipeline.Lake;

namespace EcomWorkflows.Pipeline.Ingestion;

/// <summary>A raw file in the lake, under the name its rows carry.</summary>
internal sealed record RawDelivery(RawFile File, string Name);
