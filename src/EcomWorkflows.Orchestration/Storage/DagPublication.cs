using System.Text.Json;
using Dapper;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Tasks;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Makes content the current version of its DAG, in the caller's transaction.</summary>
internal static class DagPublication
{
    /// <summary>One writer of a DAG's versions and draft at a time.</summary>
    public static Task LockAsync(NpgsqlTransaction transaction, string dagId, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "select pg_advisory_xact_lock(hashtextextended('orchestration.dag:' || @dagId, 0))", new { dagId }, transaction, cancellationToken: cancellationToken));

    /// <summary>The same meaning as the current version makes no new one, but its document (places on the canvas) is kept.</summary>
    /// <param name="file">The file it is read from; null for content made in Studio.</param>
    public static async Task<DagImport> PublishAsync(
        NpgsqlTransaction transaction, Dag dag, string document, string contentHash, SourceFile? file, string actor, CancellationToken cancellationToken)
    {
        var connection = transaction.Connection!;
        await LockAsync(transaction, dag.DagId, cancellationToken);
        await ScheduleStore.LockAsync(transaction, dag.DagId, cancellationToken);
        var current = await connection.QuerySingleOrDefaultAsync<(int Version, string Hash)?>(new CommandDefinition(
            """
            select v.version, v.content_hash
            from orchestration.dag d
            join orchestration.dag_version v on v.dag_id = d.dag_id and v.version = d.current_version
            where d.dag_id = @DagId
            """,
            new { dag.DagId }, transaction, cancellationToken: cancellationToken));
        var isNew = current?.Hash != contentHash;
        var version = isNew
            ? await InsertVersionAsync(transaction, dag, document, contentHash, actor, cancellationToken)
            : current!.Value.Version;
        if (!isNew)
        {
            await connection.ExecuteAsync(new CommandDefinition(
                """
                update orchestration.dag_version
                set document = @document
                where dag_id = @DagId and version = @version and document <> @document
                """,
                new { dag.DagId, version, document }, transaction, cancellationToken: cancellationToken));
        }
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into orchestration.dag as d (dag_id, current_version, is_paused, source_file, source_hash, source_text)
            values (@DagId, @version, @PausedOnCreation, @fileName, @fileHash, @fileText)
            on conflict (dag_id) do update
            set current_version = @version, is_active = true, is_retracted = false, deleted_at = null, updated_at = now(),
                source_file = coalesce(@fileName, d.source_file),
                source_hash = coalesce(@fileHash, d.source_hash),
                source_text = coalesce(@fileText, d.source_text)
            where @isNew or not d.is_active or d.is_retracted or d.deleted_at is not null
               or (@fileName::text is not null and (d.source_file, d.source_hash, d.source_text) is distinct from (@fileName, @fileHash, @fileText))
            """,
            new
            {
                dag.DagId, version, isNew, dag.Settings.PausedOnCreation, fileName = file?.Name,
                fileHash = file is null ? null : contentHash, fileText = file?.TextHash,
            },
            transaction, cancellationToken: cancellationToken));
        if (isNew)
        {
            await ScheduleStore.ApplyAsync(transaction, dag, cancellationToken);
            await AssetStore.ApplyAsync(transaction, dag, cancellationToken);
            await EventLog.WriteAsync(
                transaction, [new EventRow("dag_version", actor) { DagId = dag.DagId, Before = current?.Version.ToString(), After = version.ToString() }], cancellationToken);
        }
        return new DagImport(dag.DagId, version, isNew);
    }

    private static Task<int> InsertVersionAsync(NpgsqlTransaction transaction, Dag dag, string document, string contentHash, string actor, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteScalarAsync<int>(new CommandDefinition(
            """
            insert into orchestration.dag_version (dag_id, version, content_hash, definition, document, name, description, created_by)
            select @DagId, coalesce(max(version), 0) + 1, @contentHash, @definition::jsonb, @document, @Name, @Description, @actor
            from orchestration.dag_version
            where dag_id = @DagId
            returning version
            """,
            new { dag.DagId, contentHash, definition = JsonSerializer.Serialize(dag, TaskJson.Options), document, dag.Name, dag.Description, actor },
            transaction, cancellationToken: cancellationToken));
}
