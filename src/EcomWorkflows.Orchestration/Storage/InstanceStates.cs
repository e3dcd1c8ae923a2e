using Dapper;
using EcomWorkflows.Orchestration.Planning;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Writes what follows for the instances of a run after somebody changed some of them.</summary>
internal static class InstanceStates
{
    /// <summary>Writes states and counters of the instances that differ; those that were cleared get new retry budgets and forget their last outcome.</summary>
    public static Task WriteAsync(
        NpgsqlTransaction transaction, long runId, HashSet<InstanceKey> cleared, IReadOnlyDictionary<InstanceKey, DerivedInstance> derived, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            update orchestration.task_instance t
            set state = n.state, is_derived = n.is_derived,
                upstream_total = n.total, upstream_success = n.success, upstream_skipped = n.skipped, upstream_failed = n.failed, upstream_blocked = n.blocked, upstream_removed = n.removed,
                upstream_bypassed = n.bypassed, open_gates = n.gates, setup_total = n.setups, setup_success = n.setup_success, setup_skipped = n.setup_skipped,
                setup_failed = n.setup_failed, setup_removed = n.setup_removed,
                user_tries = case when n.is_cleared then 0 else t.user_tries end,
                infra_tries = case when n.is_cleared then 0 else t.infra_tries end,
                not_before = case when n.state in ('up_for_retry', 'up_for_reschedule', 'deferred', 'awaiting_input') then t.not_before end,
                event_key = case when n.state = 'deferred' then t.event_key end,
                ended_at = case when n.state = 'none' then null else coalesce(t.ended_at, case when n.is_derived then clock_timestamp() end) end,
                started_at = case when n.state = 'none' then null else t.started_at end,
                cause = case when n.state = 'none' then null else t.cause end,
                routing = case when n.state = 'none' then null else t.routing end,
                message = case when n.state = 'none' then null else t.message end,
                progress = case when n.state = 'none' then null else t.progress end,
                progress_message = case when n.state = 'none' then null else t.progress_message end
            from unnest(@TaskIds, @Indices, @States, @Derived, @Cleared, @Total, @Success, @Skipped, @Failed, @Blocked, @Removed,
                        @Bypassed, @Gates, @Setups, @SetupSuccess, @SetupSkipped, @SetupFailed, @SetupRemoved)
              as n (task_id, map_index, state, is_derived, is_cleared, total, success, skipped, failed, blocked, removed,
                    bypassed, gates, setups, setup_success, setup_skipped, setup_failed, setup_removed)
            where t.run_id = @runId
              and t.task_id = n.task_id
              and t.map_index = n.map_index
              and (n.is_cleared or
                   (t.state, t.is_derived, t.upstream_total, t.upstream_success, t.upstream_skipped, t.upstream_failed, t.upstream_blocked, t.upstream_removed,
                    t.upstream_bypassed, t.open_gates, t.setup_total, t.setup_success, t.setup_skipped, t.setup_failed, t.setup_removed)
                   is distinct from
                   (n.state, n.is_derived, n.total, n.success, n.skipped, n.failed, n.blocked, n.removed,
                    n.bypassed, n.gates, n.setups, n.setup_success, n.setup_skipped, n.setup_failed, n.setup_removed))
            """,
            new
            {
                runId,
                TaskIds = derived.Keys.Select(k => k.TaskId).ToArray(),
                Indices = derived.Keys.Select(k => k.MapIndex).ToArray(),
                States = derived.Values.Select(d => d.State.ToWire()).ToArray(),
                Derived = derived.Values.Select(d => d.IsDerived).ToArray(),
                Cleared = derived.Keys.Select(cleared.Contains).ToArray(),
                Total = derived.Values.Select(d => d.Counts.Total).ToArray(),
                Success = derived.Values.Select(d => d.Counts.Success).ToArray(),
                Skipped = derived.Values.Select(d => d.Counts.Skipped).ToArray(),
                Failed = derived.Values.Select(d => d.Counts.Failed).ToArray(),
                Blocked = derived.Values.Select(d => d.Counts.UpstreamFailed).ToArray(),
                Removed = derived.Values.Select(d => d.Counts.Removed).ToArray(),
                Bypassed = derived.Values.Select(d => d.Counts.Bypassed).ToArray(),
                Gates = derived.Values.Select(d => d.Counts.OpenGates).ToArray(),
                Setups = derived.Values.Select(d => d.Counts.Setups.Total).ToArray(),
                SetupSuccess = derived.Values.Select(d => d.Counts.Setups.Success).ToArray(),
                SetupSkipped = derived.Values.Select(d => d.Counts.Setups.Skipped).ToArray(),
                SetupFailed = derived.Values.Select(d => d.Counts.Setups.Failed).ToArray(),
                SetupRemoved = derived.Values.Select(d => d.Counts.Setups.Removed).ToArray(),
            },
            transaction, cancellationToken: cancellationToken));

    /// <summary>Says of instances a person has marked why they are what they are. One that had ended keeps that time: it is its attempt's.</summary>
    public static Task WriteMarkAsync(NpgsqlTransaction transaction, long[] ids, string? message, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            update orchestration.task_instance
            set ended_at = coalesce(ended_at, clock_timestamp()), message = @message, cause = case state when 'failed' then 'user_error' end, routing = null
            where task_instance_id = any(@ids)
            """,
            new { ids, message }, transaction, cancellationToken: cancellationToken));
}
