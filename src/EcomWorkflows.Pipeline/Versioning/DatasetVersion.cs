namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>One immutable version of a dataset: content in the cache, pointer and manifest in the tagged commit.</summary>
/// <param name="Dataset">For example <c>shop/raw</c>.</param>
/// <param name="Tag">Annotated tag in the dataset repository, for example <c>shop-raw/v3</c>.</param>
/// <param name="Md5">As in the pointer file; ends with <c>.dir</c> for a folder.</param>
/// <param name="ParentTag">The version before it; null for the first.</param>
/// <param name="RunId">The run that made it; later runs with the same content share it.</param>
public sealed record DatasetVersion(
    long Id,
    string Dataset,
    int Version,
    string Tag,
    string CommitSha,
    string Md5,
    string Sha256,
    long Bytes,
    int Files,
    long Rows,
    string SchemaHash,
    string? ParentTag,
    string ChangeNote,
    DateTimeOffset CreatedAt,
    long RunId,
    long AttemptId)
{
    /// <summary>Tag of a version: slashes of the dataset's name become dashes, so that the tag's own slash stands before the number.</summary>
    public static string TagOf(string dataset, int version) => $"{dataset.Replace('/', '-')}/v{version}";
}
