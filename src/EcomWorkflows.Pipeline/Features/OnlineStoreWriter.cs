using Dapper;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using Npgsql;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>Loads the newest row of every entity of a view into PostgreSQL, in place of the rows before.</summary>
/// <remarks>
/// The rows go into a new table inside the fenced transaction, which then takes the old table's name: no index is rebuilt row by row, readers see
/// the old rows until the commit, and a table made and filled in one transaction needs no write-ahead log where the server runs with <c>wal_level=minimal</c>.
/// Values are one packed field (<see cref="OnlineValues"/>): PostgreSQL takes an array apart element by element, which made the load twice as long.
/// </remarks>
internal sealed class OnlineStoreWriter
{
    private const int FlushAt = 1 << 20;

    /// <summary>Replaces the online rows of a view by the reader's: column 0 the entity's key (text), then the features (double).</summary>
    public async Task<long> ReplaceAsync(
        PublishScope scope, FeatureView view, DateTimeOffset eventTimestamp, DuckDbReader rows, CancellationToken cancellationToken)
    {
        var fresh = $"{view.OnlineTable}_a{scope.Attempt.AttemptId}";
        await ExecuteAsync(
            scope,
            $"""
            create table {fresh} (
              entity_key       text        collate "C" not null,
              event_timestamp  timestamptz not null,
              "values"         bytea       not null
            )
            """,
            cancellationToken);
        var count = await CopyAsync(scope.Connection, fresh, view.Features.Count, eventTimestamp, rows, cancellationToken);
        await ExecuteAsync(scope, $"alter table {fresh} add primary key (entity_key)", cancellationToken);
        foreach (var old in await TablesAsync(scope, view.Id, fresh, cancellationToken))
            await ExecuteAsync(scope, $"drop table features.{old}", cancellationToken);
        await ExecuteAsync(scope, $"alter table {fresh} rename to {view.OnlineTable["features.".Length..]}", cancellationToken);
        return count;
    }

    private static async Task<IReadOnlyList<string>> TablesAsync(PublishScope scope, int viewId, string except, CancellationToken cancellationToken)
    {
        var tables = await scope.Connection.QueryAsync<string>(new CommandDefinition(
            """
            select tablename
            from pg_tables
            where schemaname = 'features'
              and tablename ~ @pattern
              and 'features.' || tablename <> @except
            """,
            new { pattern = $"^online_{viewId}_v[0-9]+", except }, scope.Transaction, cancellationToken: cancellationToken));
        return tables.AsList();
    }

    private static Task ExecuteAsync(PublishScope scope, string sql, CancellationToken cancellationToken) =>
        scope.Connection.ExecuteAsync(new CommandDefinition(sql, transaction: scope.Transaction, cancellationToken: cancellationToken));

    private static async Task<long> CopyAsync(
        NpgsqlConnection connection, string table, int features, DateTimeOffset eventTimestamp, DuckDbReader rows, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginRawBinaryCopyAsync(
            $"""copy {table} (entity_key, event_timestamp, "values") from stdin (format binary)""", cancellationToken);
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
