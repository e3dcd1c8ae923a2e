using Dapper;
using EcomWorkflows.Orchestration.Tasks;
using Npgsql;

namespace EcomWorkflows.Pipeline.Lake;

/// <summary>The catalog's rows of what ingestion remembers of its sources, in PostgreSQL.</summary>
internal sealed class SourceStateCatalog(NpgsqlDataSource database)
{
    /// <summary>What was remembered of a source's entity, as JSON; null where nothing was.</summary>
    public async Task<string?> ReadAsync(string source, string entity, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<string?>(new CommandDefinition(
            "select state::text from lake.source_state where source = @source and entity = @entity", new { source, entity }, cancellationToken: cancellationToken));
    }

    /// <summary>Replaces what was remembered where it still is what it was; false where it is not.</summary>
    public static async Task<bool> WriteAsync(PublishScope scope, string source, string entity, string? before, string after, CancellationToken cancellationToken) =>
        await scope.Connection.ExecuteAsync(new CommandDefinition(
            """
            insert into lake.source_state as remembered (source, entity, state, run_id, attempt_id)
            values (@source, @entity, @after::jsonb, @RunId, @AttemptId)
            on conflict (source, entity) do update
            set state = excluded.state, updated_at = clock_timestamp(), run_id = excluded.run_id, attempt_id = excluded.attempt_id
            where remembered.state = @before::jsonb
            """,
            new { source, entity, before, after, scope.Attempt.RunId, scope.Attempt.AttemptId },
            scope.Transaction, cancellationToken: cancellationToken)) > 0;

    /// <summary>Forgets what was remembered; false where there was nothing.</summary>
    public async Task<bool> DeleteAsync(string source, string entity, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(
            "delete from lake.source_state where source = @source and entity = @entity", new { source, entity }, cancellationToken: cancellationToken)) > 0;
    }
}
