namespace EcomWorkflows.Pipeline.Lineage;

/// <summary>A row of <c>lake.raw_file</c>.</summary>
/// <param name="Origin">What the bronze file it was reached by says it was made from; it names the file as its rows do.</param>
internal sealed record RawFileRow(
    long Id, string Source, string Entity, string Path, string Sha256, long Bytes, string Original, DateTime FirstIngested, long RunId, long AttemptId, string Origin)
{
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>Whether rows that carry this file name came from it.</summary>
    public bool IsNamed(string file) => Name == file || Origin.Contains($" {file} ", StringComparison.Ordinal);
}
