namespace EcomWorkflows.Pipeline.Preparation;

/// <summary>A column every source's silver table has.</summary>
/// <param name="Type">DuckDB type.</param>
/// <param name="MayBeMissing">Whether a mapping may leave it out; it is null then.</param>
/// <param name="MayBeNull">Whether a row without a value is kept; otherwise it is dropped as <c>missing_{name}</c>.</param>
internal sealed record CanonicalColumn(string Name, string Type, bool MayBeMissing = false, bool MayBeNull = false);
