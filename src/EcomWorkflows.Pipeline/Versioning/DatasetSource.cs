namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>A dataset that is about to be versioned.</summary>
/// <param name="Name">For example <c>shop/raw</c>.</param>
/// <param name="Source">Where it came from, in words.</param>
internal sealed record DatasetSource(
    string Name, IReadOnlyList<DatasetFile> Files, IReadOnlyList<DatasetTable> Tables, long Rows, string Source);
