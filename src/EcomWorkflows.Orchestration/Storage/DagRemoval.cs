using Dapper;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Takes DAGs and versions back; what a run was made from stays readable.</summary>
public sealed class DagRemoval(NpgsqlDataSource database)
{
    /// <summary>Stops new runs of a DAG until it is published again.</summary>
    /// <returns>Whether it was published before.</returns>
    /// <exception cref="NotFoundException">There is no such DAG.</exception>
    public async Task<bool> RetractAsync(string dagId, string actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await DagPublication.LockAsync(transaction, dagId, cancellationToken);
        var known = await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            """
            select exists (select from orchestration.dag where dag_id = @dagId and deleted_at is null)
                or exists (select from orchestration.dag_draft where dag_id = @dagId)
            """,
            new { dagId }, transaction, cancellationToken: cancellationToken));
        if (!known)
            throw new NotFoundException($"There is no DAG '{dagId}'.");
        var retracted = await connection.ExecuteAsync(new CommandDefinition(
            """
            update orchestration.dag
            set is_retracted = true, is_active = false, updated_at = now()
            where dag_id = @dagId and not is_retracted and deleted_at is null
            """,
            new { dagId }, transaction, cancellationToken: cancellationToken)) == 1;
        if (retracted)
            await EventLog.WriteAsync(transaction, [new EventRow("dag_retracted", actor) { DagId = dagId }], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return retracted;
    }

    /// <summary>Takes a DAG and its draft off all lists and stops new runs; versions and runs stay readable by their ids.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> DeleteAsync(string dagId, string actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await DagPublication.LockAsync(transaction, dagId, cancellationToken);
        var deleted = await connection.ExecuteAsync(new CommandDefinition(
            """
            update orchestration.dag
            set deleted_at = now(), is_active = false, updated_at = now()
            where dag_id = @dagId and deleted_at is null
            """,
            new { dagId }, transaction, cancellationToken: cancellationToken));
        deleted += await connection.ExecuteAsync(new CommandDefinition(
            "delete from orchestration.dag_draft where dag_id = @dagId", new { dagId }, transaction, cancellationToken: cancellationToken));
        if (deleted > 0)
            await EventLog.WriteAsync(transaction, [new EventRow("dag_deleted", actor) { DagId = dagId }], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return deleted > 0;
    }

    /// <summary>Deletes a draft, or a former version that no run was made from.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="OrchestrationException">It is the DAG's current version, or has runs.</exception>
    public async Task<bool> DeleteVersionAsync(VersionId id, string actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await DagPublication.LockAsync(transaction, id.DagId, cancellationToken);
        var deleted = id.IsDraft
            ? await DraftStore.DropAsync(transaction, id.DagId, actor, cancellationToken)
            : await DeletePublishedAsync(transaction, id, actor, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return deleted;
    }

    private static async Task<bool> DeletePublishedAsync(NpgsqlTransaction transaction, VersionId id, string actor, CancellationToken cancellationToken)
    {
        var use = await transaction.Connection!.QuerySingleOrDefaultAsync<(bool IsCurrent, bool HasRuns)?>(new CommandDefinition(
            """
            select d.current_version = v.version,
                   exists (select from orchestration.dag_run r where r.dag_id = v.dag_id and r.dag_version = v.version)
            from orchestration.dag_version v
            join orchestration.dag d on d.dag_id = v.dag_id
            where v.dag_id = @DagId and v.version = @Version
            """,
            new { id.DagId, id.Version }, transaction, cancellationToken: cancellationToken));
        if (use is not var (isCurrent, hasRuns))
            return false;
        if (isCurrent)
            throw new OrchestrationException($"{id} is the current version of its DAG. Publish another version first, or delete the whole DAG.");
        if (hasRuns)
            throw new OrchestrationException($"{id} has runs, which are read with the version they were made from. It stays.");
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "delete from orchestration.dag_version where dag_id = @DagId and version = @Version",
            new { id.DagId, id.Version }, transaction, cancellationToken: cancellationToken));
        await EventLog.WriteAsync(transaction, [new EventRow("dag_version_deleted", actor) { DagId = id.DagId, Before = id.Version.ToString() }], cancellationToken);
        return true;
    }
}
