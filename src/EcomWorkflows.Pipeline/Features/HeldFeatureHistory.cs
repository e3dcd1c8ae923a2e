using Dapper;
using EcomWorkflows.Pipeline.Lake;
using Npgsql;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>Every version of a feature view stays readable, so the snapshots of its history stay too.</summary>
internal sealed class HeldFeatureHistory(NpgsqlDataSource database) : ISnapshotHolder
{
    public async Task<IReadOnlyCollection<long>> HeldAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<long>(new CommandDefinition(
            """
            select held.snapshot_id
            from features.feature_view_version
            cross join lateral (values (history_snapshot_id), (superseded_snapshot_id)) as held (snapshot_id)
            where held.snapshot_id is not null
            """,
            cancellationToken: cancellationToken))).AsList();
    }
}
