using Dapper;
using EcomWorkflows.Orchestration.Dags;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Drafts: what Studio saves before it is published. A draft never runs and is no version of its DAG.</summary>
public sealed class DraftStore(NpgsqlDataSource database)
{
    /// <summary>Saves a draft over the former one.</summary>
    /// <param name="baseId">Version id the editor had loaded; null overwrites whatever there is.</param>
    /// <returns>The draft's id.</returns>
    /// <exception cref="DraftConflictException">Somebody else saved or published since the editor loaded <paramref name="baseId"/>.</exception>
    public async Task<VersionId> SaveAsync(Draft draft, VersionId? baseId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var id = await SaveAsync(transaction, draft, baseId, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return id;
    }

    /// <summary>Publishes content as the DAG's current version, in the place of its draft.</summary>
    /// <param name="draft">What the version is made of.</param>
    /// <exception cref="DraftConflictException">Somebody else saved or published since the editor loaded <paramref name="baseId"/>.</exception>
    public async Task<DagImport> PublishAsync(Dag dag, Draft draft, VersionId? baseId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await DagPublication.LockAsync(transaction, dag.DagId, cancellationToken);
        var state = await StateAsync(transaction, dag.DagId, cancellationToken);
        // A repeated request finds its own work done: what it would publish is what is there.
        if (!(state.Revision is null && state.CurrentHash == draft.ContentHash && state.CurrentDocument == draft.Document))
            Check(state, draft, baseId);
        var import = await DagPublication.PublishAsync(transaction, dag, draft.Document, draft.ContentHash!, file: null, draft.Actor, cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "delete from orchestration.dag_draft where dag_id = @DagId", new { dag.DagId }, transaction, cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        return import;
    }

    /// <summary>Drops the draft of a DAG.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> DropAsync(string dagId, string actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var dropped = await DropAsync(transaction, dagId, actor, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return dropped;
    }

    internal static async Task<bool> DropAsync(NpgsqlTransaction transaction, string dagId, string actor, CancellationToken cancellationToken)
    {
        var dropped = await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "delete from orchestration.dag_draft where dag_id = @dagId", new { dagId }, transaction, cancellationToken: cancellationToken)) == 1;
        if (dropped)
            await EventLog.WriteAsync(transaction, [new EventRow("dag_draft_dropped", actor) { DagId = dagId }], cancellationToken);
        return dropped;
    }

    private static async Task<VersionId> SaveAsync(NpgsqlTransaction transaction, Draft draft, VersionId? baseId, CancellationToken cancellationToken)
    {
        await DagPublication.LockAsync(transaction, draft.DagId, cancellationToken);
        var state = await StateAsync(transaction, draft.DagId, cancellationToken);
        if (state.Document == draft.Document)
            return new VersionId(draft.DagId, state.LastVersion + 1, state.Revision!.Value);
        Check(state, draft, baseId);
        var revision = await transaction.Connection!.ExecuteScalarAsync<int>(new CommandDefinition(
            """
            insert into orchestration.dag_draft as d (dag_id, revision, name, description, document, content_hash, base_id, editor, created_by, updated_by)
            values (@DagId, 1, @Name, @Description, @Document, @ContentHash, @baseId, @Editor, @Actor, @Actor)
            on conflict (dag_id) do update
            set revision = d.revision + case when d.editor is not distinct from @Editor and @Editor is not null then 0 else 1 end,
                name = @Name, description = @Description, document = @Document, content_hash = @ContentHash, editor = @Editor,
                base_id = case when d.editor is not distinct from @Editor then d.base_id else @baseId end, updated_at = now(), updated_by = @Actor
            returning revision
            """,
            new { draft.DagId, draft.Name, draft.Description, draft.Document, draft.ContentHash, baseId = baseId?.ToString(), draft.Editor, draft.Actor },
            transaction, cancellationToken: cancellationToken));
        if (state.Revision is null)
            await EventLog.WriteAsync(transaction, [new EventRow("dag_draft", draft.Actor) { DagId = draft.DagId }], cancellationToken);
        return new VersionId(draft.DagId, state.LastVersion + 1, revision);
    }

    /// <summary>The editor must have loaded what is there now, or be the very window that made it from what it had loaded: its next save may leave before the answer to the last.</summary>
    private static void Check(DraftState state, Draft draft, VersionId? baseId)
    {
        if (baseId is null || state is { LastVersion: 0, Revision: null })
            return;
        var latest = state.Revision is { } revision
            ? new VersionId(draft.DagId, state.LastVersion + 1, revision)
            : new VersionId(draft.DagId, state.CurrentVersion, 0);
        var isOwn = draft.Editor is not null && draft.Editor == state.Editor && state.BaseId == baseId.ToString();
        if (baseId != latest && !isOwn)
            throw new DraftConflictException(draft.DagId, baseId, latest, state.UpdatedBy);
    }

    private static async Task<DraftState> StateAsync(NpgsqlTransaction transaction, string dagId, CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleAsync<DraftState>(new CommandDefinition(
            """
            select coalesce((select max(version) from orchestration.dag_version where dag_id = @dagId), 0) as last_version,
                   coalesce(d.current_version, 0) as current_version, v.content_hash as current_hash, v.document as current_document,
                   dr.revision, dr.document, dr.editor, dr.base_id, coalesce(dr.updated_by, v.created_by) as updated_by
            from (select @dagId as dag_id) as given
            left join orchestration.dag d on d.dag_id = given.dag_id
            left join orchestration.dag_version v on v.dag_id = d.dag_id and v.version = d.current_version
            left join orchestration.dag_draft dr on dr.dag_id = given.dag_id
            """,
            new { dagId }, transaction, cancellationToken: cancellationToken));

    private sealed record DraftState
    {
        public int LastVersion { get; init; }

        public int CurrentVersion { get; init; }

        public string? CurrentHash { get; init; }

        public string? CurrentDocument { get; init; }

        public int? Revision { get; init; }

        public string? Document { get; init; }

        public string? Editor { get; init; }

        public string? BaseId { get; init; }

        public string? UpdatedBy { get; init; }
    }
}
