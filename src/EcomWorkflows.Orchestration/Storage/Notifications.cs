using Dapper;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Channels that wake idle nodes and pages; a lost notification costs one poll interval, never correctness.</summary>
public static class Notifications
{
    /// <summary>Something was queued. No payload.</summary>
    public const string QueueChannel = "ecom_queue";

    /// <summary>Something that tasks wait for may have come: an event, an answer, an earlier due time. No payload.</summary>
    public const string DueChannel = "ecom_due";

    /// <summary>An attempt was fenced and should stop. Payload: the attempt id.</summary>
    public const string FencedChannel = "ecom_fenced";

    /// <summary>A run or one of its task instances changed. Payload: the run id.</summary>
    public const string RunChannel = "ecom_run";

    internal const string NotifyQueue = "select pg_notify(@QueueChannel, '')";

    internal const string NotifyDue = "select pg_notify(@DueChannel, '')";

    internal const string NotifyRuns = "select pg_notify(@RunChannel, run_id::text) from unnest(@runIds) as run_id";

    internal static object QueueParameters { get; } = new { QueueChannel };

    internal static object DueParameters { get; } = new { DueChannel };

    internal static object RunParameters(IReadOnlyCollection<long> runIds) => new { RunChannel, runIds = runIds.ToArray() };

    internal static Task QueueChangedAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(NotifyQueue, QueueParameters, transaction, cancellationToken: cancellationToken));

    internal static Task DueChangedAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(NotifyDue, DueParameters, transaction, cancellationToken: cancellationToken));

    internal static Task RunsChangedAsync(NpgsqlTransaction transaction, IReadOnlyCollection<long> runIds, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(NotifyRuns, RunParameters(runIds), transaction, cancellationToken: cancellationToken));

    internal static Task FencedAsync(NpgsqlTransaction transaction, IReadOnlyCollection<long> attemptIds, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "select pg_notify(@FencedChannel, attempt_id::text) from unnest(@attemptIds) as attempt_id",
            new { FencedChannel, attemptIds = attemptIds.ToArray() }, transaction, cancellationToken: cancellationToken));
}
