using Dapper;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using Npgsql;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>Loads the newest row of every entity of a view version into PostgreSQL, in place of the rows before; rows that are newer still, and entities only known from before, stay.</summary>
/// <remarks>
/// The rows go into a new table inside the fenced transaction, which then takes the old table's name: no index is rebuilt row by row, readers see
/// the old rows until the commit, and a table made and filled in one transaction needs no write-ahead log where the server runs with <c>wal_level=minimal</c>.
/// Nobody sees the new table before its rows are committed, so they come frozen: no vacuum has to go over them.
/// Values are one packed field (<see cref="OnlineValues"/>): PostgreSQL takes an array apart element by element, which made the load twice as long.
/// </remarks>
internal sealed class OnlineStoreWriter
{
    private const int FlushAt = 1 << 20;

    /// <summary>Replaces the online rows of a view by the reader's: column 0 the entity's key (text), then the features (double).</summary>
    /// <param name="asOfs">Times the view was computed for, oldest first: the rows are of the last, and older rows of the others are out of date.</param>
    public async Task<long> ReplaceAsync(
        PublishScope scope, FeatureView view, IReadOnlyList<DateTimeOffset> asOfs, DuckDbReader rows, CancellationToken cancellationToken)
    {
        var eventTimestamp = asOfs[^1];
        var fresh = $"{view.OnlineTable}_a{scope.Attempt.AttemptId}";
        await ExecuteAsync(
            scope,
            $"create table {fresh} {Columns("")}",
            cancellationToken);
        var count = await CopyAsync(scope.Connection, fresh, view.Features.Count, eventTimestamp, rows, cancellationToken);
        await FeatureRegistryWriter.LockOnlineAsync(scope.Transaction, view.Id, shared: false, cancellationToken);
        if (await ExistsAsync(scope, view.OnlineTable, cancellationToken))
        {
            await KeepNewerAsync(scope, view.OnlineTable, fresh, asOfs, cancellationToken);
            await ExecuteAsync(scope, $"drop table {view.OnlineTable}", cancellationToken);
        }
        await ExecuteAsync(scope, $"alter table {fresh} add primary key (entity_key)", cancellationToken);
        await ExecuteAsync(scope, $"alter table {fresh} rename to {view.OnlineTable["features.".Length..]}", cancellationToken);
        return count;
    }

    /// <summary>Creates the online table of a view that is not loaded in bulk; nothing happens where it is there.</summary>
    public static Task EnsureTableAsync(NpgsqlTransaction transaction, FeatureView view, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition($"create table if not exists {view.OnlineTable} {Columns("primary key")}", transaction: transaction, cancellationToken: cancellationToken));

    public static async Task<bool> ExistsAsync(PublishScope scope, string table, CancellationToken cancellationToken) =>
        await scope.Connection.ExecuteScalarAsync<bool>(new CommandDefinition("select to_regclass(@table) is not null", new { table }, scope.Transaction, cancellationToken: cancellationToken));

    private static string Columns(string key) =>
        $"""
        (
          entity_key       text        collate "C" not null {key},
          event_timestamp  timestamptz not null,
          "values"         bytea       not null
        )
        """;

    /// <summary>An older row never takes the place of a newer one; an entity without a row now keeps the one it has, unless that was computed anew.</summary>
    private static async Task KeepNewerAsync(PublishScope scope, string old, string fresh, IReadOnlyList<DateTimeOffset> asOfs, CancellationToken cancellationToken)
    {
        var parameters = new { newest = asOfs[^1].UtcDateTime, asOfs = asOfs.Select(a => a.UtcDateTime).ToArray() };
        await scope.Connection.ExecuteAsync(new CommandDefinition(
            $"""
            delete from {fresh} f
            using {old} o
            where o.event_timestamp > @newest
              and f.entity_key = o.entity_key;

            insert into {fresh} (entity_key, event_timestamp, "values")
            select entity_key, event_timestamp, "values"
            from {old} o
            where event_timestamp <> all(@asOfs)
              and not exists (
                select from {fresh} f
                where f.entity_key = o.entity_key)
            """,
            parameters, scope.Transaction, cancellationToken: cancellationToken));
    }

    private static Task ExecuteAsync(PublishScope scope, string sql, CancellationToken cancellationToken) =>
        scope.Connection.ExecuteAsync(new CommandDefinition(sql, transaction: scope.Transaction, cancellationToken: cancellationToken));

    private static async Task<long> CopyAsync(
        NpgsqlConnection connection, string table, int features, DateTimeOffset eventTimestamp, DuckDbReader rows, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginRawBinaryCopyAsync(
            $"""copy {table} (entity_key, event_timestamp, "values") from stdin (format binary, freeze)""", cancellationToken);
        var buffer = new CopyBuffer(FlushAt);
        var block = new FeatureBlock(features);
        buffer.Header();
        var count = 0L;
        while (rows.NextChunk())
        {
            block.Load(rows, firstColumn: 1);
            Encode(buffer, rows, block, eventTimestamp);
            count += rows.ChunkRows;
            if (buffer.Length >= FlushAt)
            {
                await copy.WriteAsync(buffer.Written, cancellationToken);
                buffer.Clear();
            }
        }
        buffer.Trailer();
        await copy.WriteAsync(buffer.Written, cancellationToken);
        return count;
    }

    private static void Encode(CopyBuffer buffer, DuckDbReader rows, FeatureBlock block, DateTimeOffset eventTimestamp)
    {
        var microseconds = (eventTimestamp - CopyBuffer.Epoch).Ticks / TimeSpan.TicksPerMicrosecond;
        for (var row = 0; row < rows.ChunkRows; row++)
        {
            rows.Read();
            buffer.Row(fields: 3);
            buffer.Text(rows.GetBytes(0));
            buffer.Int64(microseconds);
            var packed = buffer.Field(OnlineValues.Size(block.Features));
            for (var feature = 0; feature < block.Features; feature++)
                OnlineValues.Write(packed, feature, block.IsNull(row, feature) ? null : block[row, feature]);
        }
    }
}
