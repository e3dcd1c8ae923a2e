using System.Text.Json.Serialization;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Api.Callbacks;

/// <summary>A callback of the outbox. Of a webhook only the host is shown: its address may hold a secret.</summary>
internal sealed record CallbackResponse(
    [property: JsonPropertyName("callback_id")] long CallbackId,
    [property: JsonPropertyName("idempotency_key")] Guid IdempotencyKey,
    [property: JsonPropertyName("event")] string Event,
    [property: JsonPropertyName("dag_id")] string DagId,
    [property: JsonPropertyName("dag_run_id")] string DagRunId,
    [property: JsonPropertyName("task_id")] string? TaskId,
    [property: JsonPropertyName("channel")] string Channel,
    [property: JsonPropertyName("target")] string Target,
    [property: JsonPropertyName("state")] string State,
    [property: JsonPropertyName("tries")] int Tries,
    [property: JsonPropertyName("next_try_at")] DateTimeOffset? NextTryAt,
    [property: JsonPropertyName("last_error")] string? LastError,
    [property: JsonPropertyName("created_at")] DateTimeOffset CreatedAt,
    [property: JsonPropertyName("ended_at")] DateTimeOffset? EndedAt)
{
    public static CallbackResponse From(CallbackInfo callback) => new(
        callback.CallbackId, callback.IdempotencyKey, callback.Event, callback.DagId, callback.RunKey, callback.TaskId, callback.Channel, callback.Place, callback.State,
        callback.Tries, callback.State == "pending" ? callback.NotBefore : null, callback.LastError?.Replace(callback.Target, callback.Place, StringComparison.Ordinal),
        callback.CreatedAt, callback.EndedAt);
}
