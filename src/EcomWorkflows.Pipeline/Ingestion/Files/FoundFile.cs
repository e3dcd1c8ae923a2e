namespace EcomWorkflows.Pipeline.Ingestion.Files;

/// <summary>A file to be ingested.</summary>
/// <param name="Name">Its path below the folder all files of its pattern are in: what its rows carry.</param>
internal sealed record FoundFile(string Path, string Name);
