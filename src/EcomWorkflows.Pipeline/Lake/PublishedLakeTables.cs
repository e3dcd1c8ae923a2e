using Dapper;
using EcomWorkflows.Orchestration.Tasks;
using Npgsql;

namespace EcomWorkflows.Pipeline.Lake;

/// <summary>The lake tables attempts have published.</summary>
internal sealed class PublishedLakeTables(NpgsqlDataSource database) : IPublishedData
{
    public async Task<IReadOnlyList<PublishedData>> OfAsync(IReadOnlyCollection<long> attemptIds, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var snapshots = await connection.QueryAsync<(long RunId, long AttemptId, string Layer, string Source, string Name, long Rows)>(new CommandDefinition(
            """
            select run_id, attempt_id, layer, source, name, rows
            from lake.snapshot
            where attempt_id = any(@ids)
            order by snapshot_id
            """,
            new { ids = attemptIds.ToArray() }, cancellationToken: cancellationToken));
        return [.. snapshots.Select(s => new PublishedData(s.RunId, s.AttemptId, "lake table", new LakeTableName(s.Layer, s.Source, s.Name).ToString(), s.Rows))];
    }
}
