using System.Text.Json;
using System.Text.Json.Serialization;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>Body of <c>POST /push</c>, as in Feast's feature server.</summary>
public sealed record PushRequest
{
    /// <summary>A view's push source, or the view itself.</summary>
    [JsonPropertyName("push_source_name")]
    public string? PushSourceName { get; init; }

    /// <summary>Rows by column: the join keys, the view's timestamp column, and every feature.</summary>
    [JsonPropertyName("df")]
    public IReadOnlyDictionary<string, IReadOnlyList<JsonElement>>? Rows { get; init; }

    /// <summary><c>online</c>, <c>offline</c> or <c>online_and_offline</c>.</summary>
    [JsonPropertyName("to")]
    public string To { get; init; } = "online";
}
