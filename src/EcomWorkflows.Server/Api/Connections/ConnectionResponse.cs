using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using EcomWorkflows.Orchestration.Execution;
using EcomWorkflows.Orchestration.Secrets;

namespace EcomWorkflows.Server.Api.Connections;

/// <summary>A connection, as Airflow's ConnectionResponse; secrets are <c>***</c>.</summary>
internal sealed record ConnectionResponse(
    [property: JsonPropertyName("connection_id")] string ConnectionId,
    [property: JsonPropertyName("conn_type")] string ConnType,
    [property: JsonPropertyName("description")] string Description,
    [property: JsonPropertyName("host")] string? Host,
    [property: JsonPropertyName("login")] string? Login,
    [property: JsonPropertyName("schema")] string? Schema,
    [property: JsonPropertyName("port")] int? Port,
    [property: JsonPropertyName("password")] string? Password,
    [property: JsonPropertyName("extra")] string Extra)
{
    private const string ExtraPrefix = "extra.";

    public static ConnectionResponse From(StoredConnection connection)
    {
        var extra = connection.Extra.DeepClone().AsObject();
        foreach (var field in connection.SecretFields.Where(f => f.StartsWith(ExtraPrefix, StringComparison.Ordinal)))
            extra[field[ExtraPrefix.Length..]] = JsonValue.Create(SecretMasker.Mask);
        return new(
            connection.Name, connection.Type, connection.Description, connection.Host, connection.Login, connection.Schema, connection.Port,
            connection.SecretFields.Contains("password") ? SecretMasker.Mask : null, extra.ToJsonString());
    }
}
