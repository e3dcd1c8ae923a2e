using Dapper;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Planning;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Brings workflow files in, by <see cref="FileRules"/>.</summary>
public sealed class FileImports(NpgsqlDataSource database)
{
    /// <summary>Decides about one file and does it, in one transaction with the DAG locked.</summary>
    /// <param name="overwrite">Whether a conflict is settled for the file; a draft is then dropped.</param>
    public async Task<FileImport> ImportAsync(
        Dag dag, string document, string contentHash, SourceFile file, bool overwrite, string actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await DagPublication.LockAsync(transaction, dag.DagId, cancellationToken);
        var known = await SourceAsync(transaction, dag.DagId, cancellationToken);
        var decision = FileRules.Decide(known, contentHash, file.TextHash);
        if (overwrite && decision != FileDecision.Agree)
            decision = FileDecision.Import;
        var import = decision switch
        {
            FileDecision.Import or FileDecision.Agree => await DagPublication.PublishAsync(transaction, dag, document, contentHash, file, actor, cancellationToken),
            FileDecision.Rewritten => await NoteAsync(transaction, dag.DagId, file, cancellationToken),
            _ => null,
        };
        if (decision == FileDecision.Import)
            await DraftStore.DropAsync(transaction, dag.DagId, actor, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new FileImport(decision, known, import);
    }

    /// <summary>How a DAG stands to its file; null where there is no such DAG.</summary>
    public async Task<DagSource?> SourceAsync(string dagId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        return await SourceAsync(transaction, dagId, cancellationToken);
    }

    private static async Task<DagSource?> SourceAsync(NpgsqlTransaction transaction, string dagId, CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleOrDefaultAsync<DagSource>(new CommandDefinition(
            """
            select d.dag_id, d.current_version, v.content_hash as current_hash, d.source_file, d.source_hash, d.source_text, d.is_retracted,
                   d.deleted_at is not null as is_deleted, v.created_by,
                   dr.dag_id is not null and dr.content_hash is distinct from v.content_hash as has_other_draft
            from orchestration.dag d
            join orchestration.dag_version v on v.dag_id = d.dag_id and v.version = d.current_version
            left join orchestration.dag_draft dr on dr.dag_id = d.dag_id
            where d.dag_id = @dagId
            """,
            new { dagId }, transaction, cancellationToken: cancellationToken));

    private static async Task<DagImport?> NoteAsync(NpgsqlTransaction transaction, string dagId, SourceFile file, CancellationToken cancellationToken)
    {
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "update orchestration.dag set source_file = @Name, source_text = @TextHash where dag_id = @dagId",
            new { dagId, file.Name, file.TextHash }, transaction, cancellationToken: cancellationToken));
        return null;
    }
}
