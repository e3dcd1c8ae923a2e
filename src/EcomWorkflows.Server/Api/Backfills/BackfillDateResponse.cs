using System.Text.Json.Serialization;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Api.Backfills;

/// <summary>One date of a backfill: what is or was done, and why.</summary>
internal sealed record BackfillDateResponse(
    [property: JsonPropertyName("logical_date")] DateTimeOffset LogicalDate,
    [property: JsonPropertyName("data_interval_start")] DateTimeOffset DataIntervalStart,
    [property: JsonPropertyName("data_interval_end")] DateTimeOffset DataIntervalEnd,
    [property: JsonPropertyName("action")] string Action,
    [property: JsonPropertyName("reason")] string Reason,
    [property: JsonPropertyName("state")] string? State,
    [property: JsonPropertyName("dag_run_id")] string? DagRunId,
    [property: JsonPropertyName("dag_run_state")] string? DagRunState)
{
    public static BackfillDateResponse From(BackfillDateInfo date) => new(
        date.LogicalDate, date.DataIntervalStart, date.DataIntervalEnd, date.Action, date.Reason, date.State, date.RunKey, date.RunState);

    public static BackfillDateResponse From(BackfillDate date) => new(
        date.Slot.Start, date.Slot.Start, date.Slot.End, date.Action.ToWire(), date.Reason, null, null, null);
}
