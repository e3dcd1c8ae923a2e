using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using EcomWorkflows.Orchestration.Execution;
using EcomWorkflows.Orchestration.Secrets;

namespace EcomWorkflows.Server.Api.Connections;

/// <summary>What a request says of a connection; what it leaves out stays as it is, and so does a secret given as <c>***</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ConnectionBody
{
    [JsonPropertyName("connection_id")]
    public string? ConnectionId { get; init; }

    [JsonPropertyName("conn_type")]
    public string? ConnType { get; init; }

    [JsonPropertyName("description")]
    public string? Description { get; init; }

    [JsonPropertyName("host")]
    public string? Host { get; init; }

    [JsonPropertyName("login")]
    public string? Login { get; init; }

    [JsonPropertyName("schema")]
    public string? Schema { get; init; }

    [JsonPropertyName("port")]
    public int? Port { get; init; }

    [JsonPropertyName("password")]
    public string? Password { get; init; }

    /// <summary>A JSON object, or one written as text, which is Airflow's way.</summary>
    [JsonPropertyName("extra")]
    public JsonNode? Extra { get; init; }

    /// <exception cref="BadRequestException">The extra is no JSON object.</exception>
    public ConnectionChange ToChange(string name, StoredConnection? stored) => new(
        name,
        ConnType ?? stored?.Type ?? throw new BadRequestException("conn_type is missing, for example postgres, http or smtp."),
        Host ?? stored?.Host, Port ?? stored?.Port, Login ?? stored?.Login, Schema ?? stored?.Schema,
        Password == SecretMasker.Mask ? null : Password, ReadExtra() ?? Kept(stored), Description ?? stored?.Description ?? "");

    private static JsonObject Kept(StoredConnection? stored) =>
        stored is null ? [] : JsonNode.Parse(ConnectionResponse.From(stored).Extra)!.AsObject();

    private JsonObject? ReadExtra()
    {
        try
        {
            return Extra switch
            {
                null => null,
                JsonObject members => members,
                JsonValue text when text.GetValueKind() == JsonValueKind.String && text.GetValue<string>().Trim().Length == 0 => [],
                JsonValue text when text.GetValueKind() == JsonValueKind.String && JsonNode.Parse(text.GetValue<string>()) is JsonObject members => members,
                _ => throw new BadRequestException("extra must be a JSON object, or one written as text."),
            };
        }
        catch (JsonException unreadable)
        {
            throw new BadRequestException($"extra is no JSON: {unreadable.Message}");
        }
    }
}
