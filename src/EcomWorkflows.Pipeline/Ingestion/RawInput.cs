namespace EcomWorkflows.Pipeline.Ingestion;

/// <summary>Bytes to be read as records.</summary>
/// <param name="Path">Where they are, absolute.</param>
/// <param name="Name">The name that rows carry, and messages.</param>
/// <param name="Member">Which file of a zip file; null for one file alone.</param>
internal sealed record RawInput(string Path, string Name, string? Member = null);
