namespace EcomWorkflows.Pipeline.Versioning.Comparison;

/// <summary>What is different between two versions: files, and rows of each table.</summary>
/// <param name="Before">Tag of the version that is taken as the earlier one.</param>
public sealed record DatasetDifference(string Before, string After, IReadOnlyList<FileDifference> Files, IReadOnlyList<TableDifference> Tables)
{
    public bool IsSame => Files.Count == 0 && Tables.All(t => t.IsSame);
}
