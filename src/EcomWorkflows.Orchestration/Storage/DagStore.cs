using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dapper;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Tasks;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>DAGs, their immutable versions and import errors.</summary>
public sealed class DagStore(NpgsqlDataSource database)
{
    private readonly ConcurrentDictionary<(string DagId, int Version), RunGraph> graphs = new();

    /// <summary>Makes a DAG's content its current version; the same meaning as before makes no new version.</summary>
    /// <param name="document">The Elsa JSON exactly as it came.</param>
    /// <param name="contentHash">Hash of the DAG's semantics.</param>
    /// <param name="sourceFile">File it came from; null for one made in Studio.</param>
    public Task<DagImport> ImportAsync(
        Dag dag, string document, string contentHash, string? sourceFile, string actor, CancellationToken cancellationToken) =>
        ImportAsync(dag, document, contentHash, sourceFile is null ? null : new SourceFile(sourceFile, Sha256(document)), actor, cancellationToken);

    /// <summary>As the other, for a file whose bytes are known; a draft of the DAG is dropped.</summary>
    public async Task<DagImport> ImportAsync(
        Dag dag, string document, string contentHash, SourceFile? sourceFile, string actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var import = await DagPublication.PublishAsync(transaction, dag, document, contentHash, sourceFile, actor, cancellationToken);
        await DraftStore.DropAsync(transaction, dag.DagId, actor, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return import;
    }

    /// <summary>Marks DAGs whose file is gone as inactive: they get no new runs, their history stays. One whose file is back is active again.</summary>
    public async Task DeactivateMissingAsync(IReadOnlyCollection<string> sourceFiles, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            update orchestration.dag
            set is_active = source_file = any(@files), updated_at = now()
            where source_file is not null
              and not is_retracted
              and deleted_at is null
              and is_active <> (source_file = any(@files))
            """,
            new { files = sourceFiles.ToArray() }, cancellationToken: cancellationToken));
    }

    /// <summary>Replaces the list of import errors by that of the newest import.</summary>
    public async Task ReplaceImportErrorsAsync(IReadOnlyList<ImportError> errors, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition("delete from orchestration.import_error", transaction: transaction, cancellationToken: cancellationToken));
        foreach (var error in errors)
        {
            await connection.ExecuteAsync(new CommandDefinition(
                """
                insert into orchestration.import_error (file, problems, recorded_at)
                values (@File, @problems::jsonb, @RecordedAt)
                """,
                new { error.File, problems = StorableText.CleanJson(JsonSerializer.Serialize(error.Problems, TaskJson.Options)), error.RecordedAt },
                transaction, cancellationToken: cancellationToken));
        }
        await transaction.CommitAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<ImportError>> ImportErrorsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<(string File, string Problems, DateTime RecordedAt)>(new CommandDefinition(
            "select file, problems::text, recorded_at from orchestration.import_error order by file", cancellationToken: cancellationToken));
        return [.. rows.Select(r => new ImportError(
            r.File, JsonSerializer.Deserialize<List<DagProblem>>(r.Problems, TaskJson.Options) ?? [], new DateTimeOffset(r.RecordedAt)))];
    }

    public async Task<IReadOnlyList<DagInfo>> ListAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<DagInfo>(new CommandDefinition(
            """
            select d.dag_id, d.current_version, d.is_paused, d.is_active, d.source_file, d.updated_at, d.is_retracted,
                   d.source_file is not null and v.content_hash is distinct from d.source_hash as is_edited,
                   exists (select from orchestration.dag_draft dr where dr.dag_id = d.dag_id) as has_draft
            from orchestration.dag d
            join orchestration.dag_version v on v.dag_id = d.dag_id and v.version = d.current_version
            where d.deleted_at is null
            order by d.dag_id
            """,
            cancellationToken: cancellationToken))).AsList();
    }

    /// <exception cref="NotFoundException">There is no such DAG.</exception>
    public async Task<DagInfo> GetAsync(string dagId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<DagInfo>(new CommandDefinition(
            """
            select d.dag_id, d.current_version, d.is_paused, d.is_active, d.source_file, d.updated_at, d.is_retracted,
                   d.source_file is not null and v.content_hash is distinct from d.source_hash as is_edited,
                   exists (select from orchestration.dag_draft dr where dr.dag_id = d.dag_id) as has_draft
            from orchestration.dag d
            join orchestration.dag_version v on v.dag_id = d.dag_id and v.version = d.current_version
            where d.dag_id = @dagId and d.deleted_at is null
            """,
            new { dagId }, cancellationToken: cancellationToken)) ?? throw new NotFoundException($"There is no DAG '{dagId}'.");
    }

    public async Task<IReadOnlyList<DagVersionInfo>> VersionsAsync(string dagId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<DagVersionInfo>(new CommandDefinition(
            """
            select dag_id, version, content_hash, created_at, created_by
            from orchestration.dag_version
            where dag_id = @dagId
            order by version desc
            """,
            new { dagId }, cancellationToken: cancellationToken))).AsList();
    }

    /// <summary>The Elsa JSON of a version, exactly as it came.</summary>
    /// <exception cref="NotFoundException">There is no such version.</exception>
    public async Task<string> DocumentAsync(string dagId, int version, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(
            "select document from orchestration.dag_version where dag_id = @dagId and version = @version",
            new { dagId, version }, cancellationToken: cancellationToken)) ?? throw new NotFoundException($"DAG '{dagId}' has no version {version}.");
    }

    /// <returns>Whether the switch moved.</returns>
    /// <exception cref="NotFoundException">There is no such DAG.</exception>
    public async Task<bool> SetPausedAsync(string dagId, bool paused, string actor, CancellationToken cancellationToken)
    {
        await GetAsync(dagId, cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var moved = await connection.ExecuteAsync(new CommandDefinition(
            "update orchestration.dag set is_paused = @paused, updated_at = now() where dag_id = @dagId and is_paused <> @paused",
            new { dagId, paused }, transaction, cancellationToken: cancellationToken)) == 1;
        if (moved)
        {
            await EventLog.WriteAsync(transaction, [new EventRow(paused ? "dag_paused" : "dag_unpaused", actor) { DagId = dagId }], cancellationToken);
            await Notifications.QueueChangedAsync(transaction, cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
        return moved;
    }

    /// <summary>The content of a version as a graph; versions are immutable, so it is read once.</summary>
    /// <exception cref="NotFoundException">There is no such version.</exception>
    public async Task<RunGraph> GraphAsync(string dagId, int version, CancellationToken cancellationToken)
    {
        if (graphs.TryGetValue((dagId, version), out var cached))
            return cached;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var json = await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(
            "select definition::text from orchestration.dag_version where dag_id = @dagId and version = @version",
            new { dagId, version }, cancellationToken: cancellationToken)) ?? throw new NotFoundException($"DAG '{dagId}' has no version {version}.");
        var dag = JsonSerializer.Deserialize<Dag>(json, TaskJson.Options)!;
        return graphs.GetOrAdd((dagId, version), new RunGraph(dag));
    }

    /// <summary>Lower-case hexadecimal SHA-256 of a text in UTF-8.</summary>
    public static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>The DAG's current content.</summary>
    public async Task<RunGraph> CurrentGraphAsync(string dagId, CancellationToken cancellationToken) =>
        await GraphAsync(dagId, (await GetAsync(dagId, cancellationToken)).CurrentVersion, cancellationToken);
}
