using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>What is known about a dataset version; lies beside the pointer file in the tagged commit.</summary>
public sealed record DatasetManifest
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public required string Dataset { get; init; }

    public required int Version { get; init; }

    public required string Tag { get; init; }

    public string? Parent { get; init; }

    public required string ChangeNote { get; init; }

    public required string Md5 { get; init; }

    public required string Sha256 { get; init; }

    public required long Size { get; init; }

    public required long Rows { get; init; }

    public long? RowDelta { get; init; }

    public required string SchemaHash { get; init; }

    public required string Source { get; init; }

    /// <summary>Lake snapshots the content was computed from; null where it is a copy of lake tables or of files.</summary>
    public IReadOnlyList<long>? MadeFrom { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DatasetOrigin CreatedBy { get; init; }

    public required IReadOnlyList<DatasetTable> Tables { get; init; }

    public required IReadOnlyList<DatasetValidation> Validation { get; init; }

    public required IReadOnlyList<CachedFile> Files { get; init; }

    /// <exception cref="DatasetStoreException">It is no manifest; the message names <paramref name="place"/>.</exception>
    public static DatasetManifest Parse(string json, string place)
    {
        try
        {
            return JsonSerializer.Deserialize<DatasetManifest>(json, Options) ?? throw new JsonException("it is null");
        }
        catch (JsonException problem)
        {
            throw new DatasetStoreException(
                $"{place} in the dataset repository is no manifest: {problem.Message} It is written by the program only; bring back the committed one with: git checkout <tag> -- {place}");
        }
    }

    public string ToJson() => JsonSerializer.Serialize(this, Options).ReplaceLineEndings("\n") + "\n";
}
