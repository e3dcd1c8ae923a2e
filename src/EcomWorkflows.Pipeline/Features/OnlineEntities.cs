using System.Text.Json;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>The entities of a request: as they were given, and as the online store's keys.</summary>
internal sealed record OnlineEntities(string JoinKey, IReadOnlyList<JsonElement> Values, string[] Keys)
{
    /// <summary>Rows one request may ask for.</summary>
    public const int MaxRows = 10_000;

    /// <exception cref="FeatureRequestException">The join key is missing, another one was given, or a value is neither text nor a whole number.</exception>
    public static OnlineEntities Read(OnlineFeaturesRequest request, IReadOnlyCollection<FeatureView> views)
    {
        var joinKeys = views.Select(v => v.JoinKey).Distinct(StringComparer.Ordinal).ToArray();
        if (joinKeys.Length != 1)
            throw Malformed($"The features belong to different entities ({string.Join(", ", joinKeys)}); ask for those of one entity per request.");
        var joinKey = joinKeys[0];
        if (request.Entities is null || !request.Entities.TryGetValue(joinKey, out var values))
            throw Malformed($"entities must hold '{joinKey}', for example {{\"{joinKey}\": [\"C1\", \"C2\"]}}{Given(request)}.");
        if (request.Entities.Keys.FirstOrDefault(k => k != joinKey) is { } other)
            throw Malformed($"entities holds '{other}', which none of the features belongs to; they belong to '{joinKey}'.");
        if (values.Count > MaxRows)
            throw Malformed($"entities.{joinKey} has {values.Count} values; at most {MaxRows} are answered at once.");
        var keys = new string[values.Count];
        for (var i = 0; i < keys.Length; i++)
            keys[i] = KeyOf(values[i]) ?? throw Malformed($"entities.{joinKey}[{i}] is {values[i].GetRawText()}; allowed are texts and whole numbers.");
        return new OnlineEntities(joinKey, values, keys);
    }

    private static string? KeyOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number when value.TryGetInt64(out var number) => number.ToString(),
        _ => null,
    };

    private static string Given(OnlineFeaturesRequest request) =>
        request.Entities is { Count: > 0 } given ? $"; it holds {string.Join(", ", given.Keys)}" : "";

    private static FeatureRequestException Malformed(string message) => new(message, notFound: false);
}
