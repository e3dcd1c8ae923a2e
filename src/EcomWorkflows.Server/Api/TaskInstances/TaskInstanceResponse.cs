using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Api.TaskInstances;

/// <summary>A task instance, or one try of it, as Airflow's TaskInstanceResponse; <c>cause</c>, <c>message</c>, <c>progress</c> and <c>outputs</c> are ours.</summary>
internal sealed record TaskInstanceResponse
{
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    [JsonPropertyName("task_id")]
    public required string TaskId { get; init; }

    [JsonPropertyName("dag_id")]
    public required string DagId { get; init; }

    [JsonPropertyName("dag_run_id")]
    public required string DagRunId { get; init; }

    [JsonPropertyName("map_index")]
    public required int MapIndex { get; init; }

    [JsonPropertyName("logical_date")]
    public required DateTimeOffset LogicalDate { get; init; }

    [JsonPropertyName("start_date")]
    public DateTimeOffset? StartDate { get; init; }

    [JsonPropertyName("end_date")]
    public DateTimeOffset? EndDate { get; init; }

    [JsonPropertyName("duration")]
    public double? Duration { get; init; }

    /// <summary>Null where nothing has been decided yet, as Airflow writes it.</summary>
    [JsonPropertyName("state")]
    public string? State { get; init; }

    [JsonPropertyName("try_number")]
    public required int TryNumber { get; init; }

    [JsonPropertyName("max_tries")]
    public required int MaxTries { get; init; }

    [JsonPropertyName("task_display_name")]
    public required string TaskDisplayName { get; init; }

    [JsonPropertyName("operator")]
    public required string Operator { get; init; }

    [JsonPropertyName("pool")]
    public required string Pool { get; init; }

    [JsonPropertyName("pool_slots")]
    public required int PoolSlots { get; init; }

    [JsonPropertyName("priority_weight")]
    public required int PriorityWeight { get; init; }

    [JsonPropertyName("queued_when")]
    public DateTimeOffset? QueuedWhen { get; init; }

    [JsonPropertyName("next_try_at")]
    public DateTimeOffset? NextTryAt { get; init; }

    [JsonPropertyName("hostname")]
    public string? Hostname { get; init; }

    [JsonPropertyName("cause")]
    public string? Cause { get; init; }

    [JsonPropertyName("message")]
    public string? Message { get; init; }

    [JsonPropertyName("progress")]
    public double? Progress { get; init; }

    [JsonPropertyName("progress_message")]
    public string? ProgressMessage { get; init; }

    [JsonPropertyName("note")]
    public string? Note { get; init; }

    [JsonPropertyName("outputs")]
    public JsonNode? Outputs { get; init; }

    public static TaskInstanceResponse From(RunInfo run, DagTask task, TaskInstanceInfo instance) => Common(run, task, instance) with
    {
        StartDate = instance.StartedAt,
        EndDate = instance.EndedAt,
        Duration = Seconds(instance.StartedAt, instance.EndedAt),
        State = instance.State == "none" ? null : instance.State,
        TryNumber = instance.TryNumber,
        QueuedWhen = instance.QueuedAt,
        NextTryAt = instance.NotBefore,
        Cause = instance.Cause,
        Message = instance.Message,
        Progress = instance.Progress,
        ProgressMessage = instance.ProgressMessage,
        Outputs = instance.Outputs is { } outputs ? JsonNode.Parse(outputs) : null,
    };

    public static TaskInstanceResponse From(RunInfo run, DagTask task, TaskInstanceInfo instance, AttemptInfo attempt) => Common(run, task, instance) with
    {
        StartDate = attempt.StartedAt,
        EndDate = attempt.EndedAt,
        Duration = Seconds(attempt.StartedAt, attempt.EndedAt),
        State = attempt.State,
        TryNumber = attempt.TryNumber,
        Hostname = attempt.NodeId.ToString(),
        Cause = attempt.Cause,
        Message = attempt.Message,
        Outputs = attempt.Outputs is { } outputs ? JsonNode.Parse(outputs) : null,
    };

    private static TaskInstanceResponse Common(RunInfo run, DagTask task, TaskInstanceInfo instance) => new()
    {
        Id = instance.TaskInstanceId.ToString(),
        TaskId = instance.TaskId,
        DagId = run.DagId,
        DagRunId = run.RunKey,
        MapIndex = instance.MapIndex,
        LogicalDate = run.LogicalDate,
        TryNumber = instance.TryNumber,
        MaxTries = task.Settings.Retries + 1,
        TaskDisplayName = task.DisplayName,
        Operator = task.TaskType,
        Pool = task.Settings.Pool,
        PoolSlots = task.Settings.PoolSlots,
        PriorityWeight = instance.PriorityWeight,
        Note = instance.Note,
    };

    private static double? Seconds(DateTimeOffset? start, DateTimeOffset? end) => start is { } from && end is { } to ? (to - from).TotalSeconds : null;
}
