using System.Security.Cryptography;
using System.Text;

namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>The content of a dataset, every file of it in the cache.</summary>
/// <param name="Dataset">For example <c>shop/silver</c>.</param>
/// <param name="Source">Where it came from, in words.</param>
/// <param name="Note">What a person said about the change; null for runs.</param>
/// <param name="MadeFrom">Lake snapshots it was computed from, where it is not a copy of them.</param>
internal sealed record DatasetContent(
    string Dataset,
    IReadOnlyList<CachedFile> Files,
    IReadOnlyList<DatasetTable> Tables,
    long Rows,
    string Source,
    DvcPointer Pointer,
    IReadOnlyList<DatasetValidation> Validations,
    string? Note = null,
    IReadOnlyList<long>? MadeFrom = null)
{
    public string Md5 => Pointer.Md5;

    public long Bytes => Files.Sum(f => f.Bytes);

    /// <summary>Of the file, or of the sorted list of the files' hashes and paths.</summary>
    public string Sha256 => Files.Count == 1 && !Pointer.IsFolder
        ? Files[0].Sha256
        : Hash(string.Concat(Files.OrderBy(f => f.RelativePath, StringComparer.Ordinal).Select(f => $"{f.Sha256}  {f.RelativePath}\n")));

    /// <summary>Equal as long as tables, columns and types are.</summary>
    public string SchemaHash =>
        Hash(string.Join('\n', Tables.Select(t => $"{t.Name}({string.Join(", ", t.Columns.Select(c => $"{c.Name} {c.Type}"))})").Order(StringComparer.Ordinal)));

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
