namespace EcomWorkflows.Pipeline.Versioning.Comparison;

/// <summary>One row that is not the same in two versions.</summary>
/// <param name="Kind"><c>added</c>, <c>removed</c> or <c>changed</c>.</param>
/// <param name="Key">Its key, or all its values where the table has none.</param>
/// <param name="Values">Of a changed row, the columns that changed.</param>
public sealed record RowExample(string Kind, IReadOnlyDictionary<string, string?> Key, IReadOnlyList<ValueChange> Values);
