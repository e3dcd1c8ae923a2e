using System.Text.Json.Serialization;

namespace EcomWorkflows.Server.Api.TaskInstances;

/// <summary>Something a cleared attempt has published, which running it again replaces.</summary>
internal sealed record PublishedDataResponse(
    [property: JsonPropertyName("kind")] string Kind,
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("rows")] long? Rows,
    [property: JsonPropertyName("attempt_id")] long AttemptId);
