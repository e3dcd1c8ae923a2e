using Dapper;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Looks up versions and drafts of DAGs.</summary>
public sealed class DefinitionStore(NpgsqlDataSource database)
{
    private const string Columns = "dag_id, version, revision, name, description, created_at, created_by, is_latest, is_published, is_deleted, source_file, is_edited";

    /// <summary>One page and how many there are in all; deleted DAGs are left out.</summary>
    public async Task<(IReadOnlyList<DefinitionInfo> Items, int Total)> ListAsync(DefinitionQuery query, CancellationToken cancellationToken)
    {
        const string Where =
            """
            where not is_deleted
              and case @kind
                    when 'Latest' then is_latest
                    when 'Published' then is_published
                    when 'Draft' then is_latest and not is_published
                    when 'LatestOrPublished' then is_latest or is_published
                    when 'LatestAndPublished' then is_latest and is_published
                    when 'Number' then version = @number
                    else true
                  end
              and (cardinality(@dagIds) = 0 or dag_id = any(@dagIds))
              and (@search::text is null or name ilike @search or dag_id ilike @search or description ilike @search)
            """;
        var direction = query.Descending ? "desc" : "asc";
        var order = query.Order switch
        {
            DefinitionOrder.Version => $"version {direction}, dag_id",
            DefinitionOrder.Created => $"created_at {direction}, dag_id, version",
            _ => $"lower(name) {direction}, dag_id, version desc",
        };
        var values = new
        {
            kind = query.Versions.Kind.ToString(),
            number = query.Versions.Number,
            dagIds = query.DagIds.ToArray(),
            search = query.Search is { } part ? $"%{part.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal)}%" : null,
            query.Offset,
            query.Limit,
        };
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var items = (await connection.QueryAsync<DefinitionInfo>(new CommandDefinition(
            $"""
            select {Columns}
            from orchestration.definition
            {Where}
            order by {order}
            limit @Limit offset @Offset
            """,
            values, cancellationToken: cancellationToken))).AsList();
        var isWhole = query.Offset == 0 && (query.Limit is null || items.Count < query.Limit);
        var total = isWhole
            ? items.Count
            : await connection.ExecuteScalarAsync<int>(new CommandDefinition($"select count(*) from orchestration.definition {Where}", values, cancellationToken: cancellationToken));
        return (items, total);
    }

    /// <summary>Those of the given ids that exist, deleted DAGs included: runs still refer to them.</summary>
    public async Task<IReadOnlyList<DefinitionInfo>> FindAsync(IReadOnlyCollection<VersionId> ids, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<DefinitionInfo>(new CommandDefinition(
            $"""
            select {Columns}
            from orchestration.definition
            where (dag_id, version, revision) in (select * from unnest(@dagIds, @versions, @revisions))
            order by lower(name), dag_id, version desc
            """,
            new { dagIds = ids.Select(i => i.DagId).ToArray(), versions = ids.Select(i => i.Version).ToArray(), revisions = ids.Select(i => i.Revision).ToArray() },
            cancellationToken: cancellationToken))).AsList();
    }

    /// <summary>The one version of a DAG that the filter means, the newest where it means several; null where there is none.</summary>
    public async Task<DefinitionInfo?> FindAsync(string dagId, VersionFilter versions, CancellationToken cancellationToken)
    {
        var (items, _) = await ListAsync(new DefinitionQuery(versions) { DagIds = [dagId], Order = DefinitionOrder.Version, Descending = true, Limit = 1 }, cancellationToken);
        return items.Count == 0 ? null : items[0];
    }

    /// <summary>The Elsa JSON of a version or draft.</summary>
    /// <exception cref="NotFoundException">There is no such version, or the draft has moved on.</exception>
    public async Task<string> DocumentAsync(VersionId id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(
            """
            select document from orchestration.dag_version where @Revision = 0 and dag_id = @DagId and version = @Version
            union all
            select document from orchestration.dag_draft where @Revision > 0 and dag_id = @DagId and revision = @Revision
            """,
            new { id.DagId, id.Version, id.Revision }, cancellationToken: cancellationToken)) ?? throw new NotFoundException($"There is no workflow definition version '{id}'.");
    }

    /// <summary>Whether no other DAG has this name.</summary>
    public async Task<bool> IsNameUniqueAsync(string name, string? exceptDagId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return !await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            """
            select exists (
              select from orchestration.definition
              where not is_deleted and (is_latest or is_published) and lower(name) = lower(@name) and dag_id is distinct from @exceptDagId)
            """,
            new { name, exceptDagId }, cancellationToken: cancellationToken));
    }

    /// <summary>Of the ids, those some DAG or draft has or had.</summary>
    public async Task<IReadOnlySet<string>> TakenIdsAsync(string prefix, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<string>(new CommandDefinition(
            """
            select dag_id from orchestration.dag where starts_with(dag_id, @prefix)
            union
            select dag_id from orchestration.dag_draft where starts_with(dag_id, @prefix)
            """,
            new { prefix }, cancellationToken: cancellationToken))).ToHashSet(StringComparer.Ordinal);
    }
}
