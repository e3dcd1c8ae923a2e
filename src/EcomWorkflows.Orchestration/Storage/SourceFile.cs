namespace EcomWorkflows.Orchestration.Storage;

/// <summary>The workflow file a DAG is read from.</summary>
/// <param name="Name">Its name in the workflows folder.</param>
/// <param name="TextHash">SHA-256 of its bytes, lower-case hexadecimal.</param>
public sealed record SourceFile(string Name, string TextHash);
