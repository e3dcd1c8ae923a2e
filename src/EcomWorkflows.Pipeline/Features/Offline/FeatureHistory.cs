using Dapper;
using EcomWorkflows.Pipeline.Lake;
using Npgsql;

namespace EcomWorkflows.Pipeline.Features.Offline;

/// <summary>Finds the history of view versions.</summary>
internal sealed class FeatureHistory(NpgsqlDataSource database, LakeStore lake)
{
    /// <param name="since">Snapshot whose files, and all superseded ones, are left out; null for everything.</param>
    public async Task<HistoryScan> OpenAsync(FeatureView view, CancellationToken cancellationToken, long? since = null)
    {
        var main = view.HistorySnapshotId is { } id ? await lake.GetAsync(id, cancellationToken) : null;
        if (main is not null && since is { } seen)
        {
            var known = (await lake.GetAsync(seen, cancellationToken))?.Files.Select(f => f.Path).ToHashSet(StringComparer.Ordinal) ?? [];
            return new HistoryScan(view, lake.Scan(main with { Files = [.. main.Files.Where(f => !known.Contains(f.Path))] }), await PushedAsync(view, cancellationToken));
        }
        var superseded = view.SupersededSnapshotId is { } older ? await lake.GetAsync(older, cancellationToken) : null;
        var files = main is null ? null : lake.Scan(superseded is null ? main : main with { Files = [.. main.Files, .. superseded.Files] });
        return new HistoryScan(view, files, await PushedAsync(view, cancellationToken));
    }

    public async Task<IReadOnlyList<PushedRow>> PushedAsync(FeatureView view, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<PushedRow>(new CommandDefinition(
            """
            select id, entity_key, event_timestamp, created_timestamp, "values"
            from features.pushed_row
            where view_id = @Id
              and version = @Version
            order by id
            """,
            new { view.Id, view.Version }, cancellationToken: cancellationToken));
        return rows.AsList();
    }
}
