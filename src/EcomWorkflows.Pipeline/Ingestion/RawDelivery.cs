using EcomWorkflows.Pipeline.Lake;

namespace EcomWorkflows.Pipeline.Ingestion;

/// <summary>A raw file in the lake, or one file of a zip file there, under the name its rows carry.</summary>
/// <param name="Member">Which file of a zip file; null for one file alone.</param>
internal sealed record RawDelivery(RawFile File, string Name, string? Member = null);
