using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using YamlDotNet.Serialization;

namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>What a <c>.dvc</c> file says: which content of the cache a path stands for.</summary>
/// <param name="Md5">Of the file, or of the folder's list with <c>.dir</c> behind it.</param>
/// <param name="Files">Number of files of a folder; null for a single file.</param>
/// <param name="Path">Relative to the pointer file.</param>
internal sealed record DvcPointer(string Md5, long Bytes, int? Files, string Path)
{
    private const string FolderSuffix = ".dir";

    public bool IsFolder => Md5.EndsWith(FolderSuffix, StringComparison.Ordinal);

    /// <summary>The pointer of a folder, and the list that belongs into the cache under its hash.</summary>
    public static (DvcPointer Pointer, byte[] List) ForFolder(IReadOnlyCollection<CachedFile> files, string path)
    {
        // Byte for byte what DVC itself writes (Python's json.dumps), so that it computes the same hash.
        var entries = files
            .OrderBy(f => f.RelativePath.Replace('/', '\0'), StringComparer.Ordinal)
            .Select(f => $$"""{"md5": "{{f.Md5}}", "relpath": {{JsonSerializer.Serialize(f.RelativePath)}}}""");
        var list = Encoding.UTF8.GetBytes($"[{string.Join(", ", entries)}]");
#pragma warning disable CA5351 // MD5 names content in DVC's cache; it protects nothing.
        var md5 = Convert.ToHexStringLower(MD5.HashData(list)) + FolderSuffix;
#pragma warning restore CA5351
        return (new DvcPointer(md5, files.Sum(f => f.Bytes), files.Count, path), list);
    }

    public static DvcPointer ForFile(CachedFile file, string path) => new(file.Md5, file.Bytes, null, path);

    /// <summary>The text of the <c>.dvc</c> file.</summary>
    public string ToYaml()
    {
        var output = new Dictionary<string, object> { ["md5"] = Md5, ["size"] = Bytes };
        if (Files is { } count)
            output["nfiles"] = count;
        output["hash"] = "md5";
        output["path"] = Path;
        return new SerializerBuilder().WithNewLine("\n").Build().Serialize(new Dictionary<string, object> { ["outs"] = new[] { output } });
    }
}
