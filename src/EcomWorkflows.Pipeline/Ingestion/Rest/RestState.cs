namespace EcomWorkflows.Pipeline.Ingestion.Rest;

/// <summary>What the last answer of an API said of its version, and the raw file that was made of it.</summary>
/// <param name="Address">The first page; a changed address is another document.</param>
internal sealed record RestState(string Address, string? ETag, string? LastModified, string Sha256);
