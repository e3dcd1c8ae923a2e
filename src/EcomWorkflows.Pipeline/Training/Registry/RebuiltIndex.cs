namespace EcomWorkflows.Pipeline.Training.Registry;

/// <summary>What rebuilding the index found.</summary>
/// <param name="Versions">Versions whose folders are complete.</param>
/// <param name="Added">Of them, those the index did not have.</param>
/// <param name="Problems">Folders that were left out and indexed versions without a folder, each with the reason.</param>
public sealed record RebuiltIndex(int Versions, int Added, int Aliases, IReadOnlyList<string> Problems);
