using System.Text.Json.Serialization;
using EcomWorkflows.Orchestration.Planning;

namespace EcomWorkflows.Server.Api.TaskInstances;

/// <summary>One thing that is waited for; <c>kind</c> is one of the <see cref="WaitKind"/> names in snake_case.</summary>
internal sealed record WaitReasonResponse(
    [property: JsonPropertyName("kind")] string Kind,
    [property: JsonPropertyName("message")] string Message,
    [property: JsonPropertyName("task_ids")] IReadOnlyList<string> TaskIds,
    [property: JsonPropertyName("pool")] string? Pool,
    [property: JsonPropertyName("held_by")] IReadOnlyList<WaitHolderResponse> HeldBy,
    [property: JsonPropertyName("at")] DateTimeOffset? At,
    [property: JsonPropertyName("people")] IReadOnlyList<string> People,
    [property: JsonPropertyName("limit")] int? Limit)
{
    public static WaitReasonResponse From(WaitReason reason) => new(
        reason.Kind.ToWire(), reason.Message, reason.Tasks, reason.Pool, [.. reason.Holders.Select(h => new WaitHolderResponse(h.DagId, h.RunKey, h.TaskId, h.MapIndex, h.Slots))],
        reason.At, reason.People, reason.Limit);
}
