namespace EcomWorkflows.Pipeline.Lake;

/// <summary>A Parquet file of a snapshot.</summary>
/// <param name="Path">Relative to the lake folder.</param>
/// <param name="DerivedFrom">What exactly it was made from, where that is worth knowing: a later run can use it again instead of making it again.</param>
public sealed record LakeFile(string Path, long Rows, long Bytes, string Sha256, string? Partition = null, string? DerivedFrom = null);
