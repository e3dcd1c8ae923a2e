using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace EcomWorkflows.Pipeline.Features.Online;

/// <summary>Puts rows into the online store of a view; an older row never takes the place of a newer one.</summary>
internal static class OnlineUpsert
{
    /// <param name="rows">One per entity.</param>
    /// <returns>How many rows were written; the others are older than what is there.</returns>
    public static async Task<long> ApplyAsync(
        NpgsqlTransaction transaction, FeatureView view, IEnumerable<OnlineStoreRow> rows, CancellationToken cancellationToken)
    {
        var connection = transaction.Connection!;
        await FeatureRegistryWriter.LockOnlineAsync(transaction, view.Id, shared: true, cancellationToken);
        await OnlineStoreWriter.EnsureTableAsync(transaction, view, cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            create temp table if not exists online_upsert (entity_key text collate "C", event_timestamp timestamptz, "values" bytea) on commit drop;
            truncate online_upsert
            """,
            transaction: transaction, cancellationToken: cancellationToken));
        await using (var copy = await connection.BeginBinaryImportAsync("""copy online_upsert (entity_key, event_timestamp, "values") from stdin (format binary)""", cancellationToken))
        {
            foreach (var row in rows)
            {
                await copy.StartRowAsync(cancellationToken);
                await copy.WriteAsync(row.EntityKey, NpgsqlDbType.Text, cancellationToken);
                await copy.WriteAsync(row.EventTimestamp.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
                await copy.WriteAsync(CompactValues.Of(row.Values, view.Features.Count), NpgsqlDbType.Bytea, cancellationToken);
            }
            await copy.CompleteAsync(cancellationToken);
        }
        // In the order of the key, so that two of these never wait for each other.
        var written = (await connection.QueryAsync<string>(new CommandDefinition(
            $"""
            insert into {view.OnlineTable} as o (entity_key, event_timestamp, "values")
            select entity_key, event_timestamp, "values"
            from online_upsert
            order by entity_key
            on conflict (entity_key)
            do update set event_timestamp = excluded.event_timestamp, "values" = excluded."values"
            where o.event_timestamp <= excluded.event_timestamp
              and (o.event_timestamp, o."values") is distinct from (excluded.event_timestamp, excluded."values")
            returning entity_key
            """,
            transaction: transaction, cancellationToken: cancellationToken))).AsList();
        if (written.Count > 0)
            await FeatureNotifications.ValuesChangedAsync(transaction, view, written, cancellationToken);
        return written.Count;
    }
}
