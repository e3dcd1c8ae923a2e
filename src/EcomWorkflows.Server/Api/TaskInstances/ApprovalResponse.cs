using System.Text.Json.Serialization;

namespace EcomWorkflows.Server.Api.TaskInstances;

/// <summary>An answer that was taken.</summary>
internal sealed record ApprovalResponse(
    [property: JsonPropertyName("subject")] string Subject,
    [property: JsonPropertyName("decision")] string Decision,
    [property: JsonPropertyName("responded_by")] string RespondedBy,
    [property: JsonPropertyName("comment")] string? Comment,
    [property: JsonPropertyName("responded_at")] DateTimeOffset RespondedAt);
