using Dapper;
using EcomWorkflows.Pipeline.Ingestion.Retention;
using Npgsql;

namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>A tagged dataset version can be traced to the raw files it holds.</summary>
internal sealed class HeldRawFiles(NpgsqlDataSource database) : IRawFileHolder
{
    public async Task<IReadOnlyDictionary<string, string>> HeldAsync(IReadOnlyCollection<string> sha256, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<(string Sha256, long Versions, string Newest)>(new CommandDefinition(
            """
            select file ->> 'sha256', count(distinct v.id), (array_agg(v.tag order by v.id desc))[1]
            from versioning.dataset_version v
            cross join jsonb_array_elements(v.manifest -> 'files') as file
            where file ->> 'sha256' = any (@wanted)
            group by 1
            """,
            new { wanted = sha256.ToArray() }, cancellationToken: cancellationToken)))
            .ToDictionary(held => held.Sha256, held => held.Versions == 1 ? $"dataset {held.Newest}" : $"dataset {held.Newest} and {held.Versions - 1} before it");
    }
}
