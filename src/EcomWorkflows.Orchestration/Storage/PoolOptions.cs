using Dapper;
using EcomWorkflows.Orchestration.Tasks;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>The pools tasks may take slots of.</summary>
internal sealed class PoolOptions(NpgsqlDataSource database) : IOptionsSource
{
    public string Name => "pools";

    public async ValueTask<IReadOnlyList<Option>> ListAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return [.. (await connection.QueryAsync<(string Name, int Slots)>(new CommandDefinition(
            "select name, slots from orchestration.pool order by name", cancellationToken: cancellationToken)))
            .Select(pool => new Option($"{pool.Name} ({pool.Slots} slots)", pool.Name))];
    }
}
