using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Api.Logs;

/// <summary>One log row as Airflow's StructuredLogMessage: <c>timestamp</c> and <c>event</c>, and our further members.</summary>
internal sealed record LogLine(
    [property: JsonPropertyName("id")] long Id,
    [property: JsonPropertyName("timestamp")] DateTimeOffset Timestamp,
    [property: JsonPropertyName("level")] string Level,
    [property: JsonPropertyName("logger")] string Logger,
    [property: JsonPropertyName("event")] string Event,
    [property: JsonPropertyName("fields")] JsonNode? Fields,
    [property: JsonPropertyName("exception")] string? Exception)
{
    public static LogLine From(LogInfo row) => new(
        row.LogId, row.LoggedAt, row.Level, row.Category, row.Message, row.Fields is { } fields ? JsonNode.Parse(fields) : null, row.Exception);

    public string ToText() =>
        $"[{Timestamp.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ}] {Level.ToUpperInvariant(),-8} {Event}{(Exception is null ? "" : "\n" + Exception)}\n";
}
