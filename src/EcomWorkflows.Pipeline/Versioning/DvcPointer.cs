using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>What a <c>.dvc</c> file says: which content of the cache a path stands for.</summary>
/// <param name="Md5">Of the file, or of the folder's list with <c>.dir</c> behind it.</param>
/// <param name="Files">Number of files of a folder; null for a single file.</param>
/// <param name="Path">Relative to the pointer file.</param>
public sealed record DvcPointer(string Md5, long Bytes, int? Files, string Path)
{
    private const string FolderSuffix = ".dir";

    public bool IsFolder => Md5.EndsWith(FolderSuffix, StringComparison.Ordinal);

    /// <summary>The pointer of a folder, and the list that belongs into the cache under its hash.</summary>
    internal static (DvcPointer Pointer, byte[] List) ForFolder(IReadOnlyCollection<CachedFile> files, string path)
    {
        // Byte for byte what DVC itself writes (Python's json.dumps, sorted by code points as UTF-8's bytes are), so that it computes the same hash.
        var entries = files
            .Select(f => (File: f, Key: Encoding.UTF8.GetBytes(f.RelativePath)))
            .OrderBy(f => f.Key, Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b)))
            .Select(f => $$"""{"md5": "{{f.File.Md5}}", "relpath": {{PythonJson.Quote(f.File.RelativePath)}}}""");
        var list = Encoding.UTF8.GetBytes($"[{string.Join(", ", entries)}]");
#pragma warning disable CA5351 // MD5 names content in DVC's cache; it protects nothing.
        var md5 = Convert.ToHexStringLower(MD5.HashData(list)) + FolderSuffix;
#pragma warning restore CA5351
        return (new DvcPointer(md5, files.Sum(f => f.Bytes), files.Count, path), list);
    }

    internal static DvcPointer ForFile(CachedFile file, string path) => new(file.Md5, file.Bytes, null, path);

    /// <summary>The pointers of a <c>.dvc</c> file, also of one that DVC wrote.</summary>
    /// <exception cref="FormatException">It is no YAML, or has no <c>outs</c> with <c>md5</c> and <c>path</c>.</exception>
    public static IReadOnlyList<DvcPointer> Parse(string yaml)
    {
        Document document;
        try
        {
            document = new DeserializerBuilder().IgnoreUnmatchedProperties().Build().Deserialize<Document>(yaml);
        }
        catch (YamlException problem)
        {
            throw new FormatException(problem.Message, problem);
        }
        return document?.Outputs is { Count: > 0 } outputs && outputs.All(o => o is { Md5.Length: >= 32, Path.Length: > 0 })
            ? [.. outputs.Select(o => new DvcPointer(o.Md5!, o.Size, o.Files, o.Path!))]
            : throw new FormatException("it has no outs with md5 and path");
    }

    /// <summary>A folder's list: hash and place of each file in it.</summary>
    /// <exception cref="FormatException">It is not such a list.</exception>
    public static IReadOnlyList<(string Md5, string RelativePath)> ParseList(ReadOnlySpan<byte> list)
    {
        try
        {
            using var document = JsonDocument.Parse(list.ToArray());
            return [.. document.RootElement.EnumerateArray().Select(e => (e.GetProperty("md5").GetString()!, e.GetProperty("relpath").GetString()!))];
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException($"it is no list of md5 and relpath: {problem.Message}", problem);
        }
    }

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

    private sealed class Document
    {
        [YamlMember(Alias = "outs")]
        public List<Output>? Outputs { get; set; }
    }

    private sealed class Output
    {
        [YamlMember(Alias = "md5")]
        public string? Md5 { get; set; }

        [YamlMember(Alias = "size")]
        public long Size { get; set; }

        [YamlMember(Alias = "nfiles")]
        public int? Files { get; set; }

        [YamlMember(Alias = "path")]
        public string? Path { get; set; }
    }
}
