using System.Text.Json;
using Dapper;
using EcomWorkflows.Orchestration.Tasks;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Deletes finished runs with their task instances, attempts and logs. What they published and their rows in the event log stay.</summary>
public sealed class RunDeletion(NpgsqlDataSource database)
{
    /// <summary>Deletes all of the runs, or none.</summary>
    /// <returns>How many there were; a run that is already gone does not count.</returns>
    /// <exception cref="OrchestrationException">Some have not ended; the message names them.</exception>
    public async Task<int> DeleteAsync(IReadOnlyCollection<long> runIds, string actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var runs = await Transitions.LockRunsAsync(transaction, runIds, cancellationToken);
        var active = runs.Values.Where(r => r.State is not ("success" or "failed")).ToList();
        if (active.Count > 0)
        {
            throw new OrchestrationException(
                $"Only runs that have ended can be deleted; {string.Join(", ", active.Select(r => $"run {r.RunId} of {r.DagId} is {r.State}"))}. Cancel first, then delete. Nothing was deleted.");
        }
        var deleted = (await connection.QueryAsync<(long RunId, string DagId, string RunKey, string State)>(new CommandDefinition(
            "delete from orchestration.dag_run where run_id = any(@ids) returning run_id, dag_id, run_key, state",
            new { ids = runs.Keys.ToArray() }, transaction, cancellationToken: cancellationToken))).AsList();
        await EventLog.WriteAsync(
            transaction,
            [.. deleted.Select(d => new EventRow("run_deleted", actor)
            {
                DagId = d.DagId, RunId = d.RunId, Before = d.State, Details = JsonSerializer.Serialize(new { runKey = d.RunKey }, TaskJson.Options),
            })],
            cancellationToken);
        await Notifications.RunsChangedAsync(transaction, [.. deleted.Select(d => d.RunId)], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return deleted.Count;
    }
}
