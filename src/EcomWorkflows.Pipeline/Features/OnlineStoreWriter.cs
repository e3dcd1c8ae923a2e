using Dapper;
using EcomWorkflows.Orchestration.Tasks;
using Npgsql;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>Loads the newest row of every entity of a view version into PostgreSQL, in place of the rows before; rows that are newer still stay, and where the view keeps them, older rows of other entities.</summary>
/// <remarks>
/// The rows go into a new table inside the fenced transaction, which then takes the old table's name: no index is rebuilt row by row, readers see
/// the old rows until the commit, and a table made and filled in one transaction needs no write-ahead log where the server runs with <c>wal_level=minimal</c>.
/// Nobody sees the new table before its rows are committed, so they come frozen: no vacuum has to go over them.
/// Values are one packed field (<see cref="CompactValues"/>): PostgreSQL takes an array apart element by element, which made the load twice as long.
/// </remarks>
internal sealed class OnlineStoreWriter
{
    private const int SendBytes = 1 << 20;

    /// <summary>Replaces the online rows of a view.</summary>
    /// <param name="asOfs">Times the view was computed for, oldest first: the rows are of the last, and older rows of the others are out of date.</param>
    /// <param name="rows">The file of an <see cref="OnlineRowFile"/>.</param>
    /// <param name="keepsOlder">Whether entities without a row now keep an older one.</param>
    public async Task ReplaceAsync(
        PublishScope scope, FeatureView view, IReadOnlyList<DateTimeOffset> asOfs, string rows, bool keepsOlder, CancellationToken cancellationToken)
    {
        var fresh = $"{view.OnlineTable}_a{scope.Attempt.AttemptId}";
        await ExecuteAsync(
            scope,
            $"create table {fresh} {Columns("")}",
            cancellationToken);
        await CopyAsync(scope.Connection, fresh, rows, cancellationToken);
        await FeatureRegistryWriter.LockOnlineAsync(scope.Transaction, view.Id, shared: false, cancellationToken);
        if (await ExistsAsync(scope, view.OnlineTable, cancellationToken))
        {
            await KeepAsync(scope, view, fresh, asOfs, keepsOlder, cancellationToken);
            await ExecuteAsync(scope, $"drop table {view.OnlineTable}", cancellationToken);
        }
        await ExecuteAsync(scope, $"alter table {fresh} add primary key (entity_key)", cancellationToken);
        await ExecuteAsync(scope, $"alter table {fresh} rename to {view.OnlineTable["features.".Length..]}", cancellationToken);
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

    /// <summary>An older row never takes the place of a newer one; an entity without a row now keeps an older one, where those are kept and it was not computed anew.</summary>
    private static async Task KeepAsync(
        PublishScope scope, FeatureView view, string fresh, IReadOnlyList<DateTimeOffset> asOfs, bool keepsOlder, CancellationToken cancellationToken)
    {
        var parameters = new { newest = asOfs[^1].UtcDateTime, asOfs = asOfs.Select(a => a.UtcDateTime).ToArray(), keepsOlder };
        await scope.Connection.ExecuteAsync(new CommandDefinition(
            $"""
            delete from {fresh} f
            using {view.OnlineTable} o
            where o.event_timestamp > @newest
              and f.entity_key = o.entity_key;

            insert into {fresh} (entity_key, event_timestamp, "values")
            select entity_key, event_timestamp, "values"
            from {view.OnlineTable} o
            where (event_timestamp > @newest or (@keepsOlder and event_timestamp <> all(@asOfs)))
              and not exists (
                select from {fresh} f
                where f.entity_key = o.entity_key)
            """,
            parameters, scope.Transaction, cancellationToken: cancellationToken));
    }

    private static Task ExecuteAsync(PublishScope scope, string sql, CancellationToken cancellationToken) =>
        scope.Connection.ExecuteAsync(new CommandDefinition(sql, transaction: scope.Transaction, cancellationToken: cancellationToken));

    private static async Task CopyAsync(NpgsqlConnection connection, string table, string rows, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(rows, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        await using var copy = await connection.BeginRawBinaryCopyAsync(
            $"""copy {table} (entity_key, event_timestamp, "values") from stdin (format binary, freeze)""", cancellationToken);
        await file.CopyToAsync(copy, SendBytes, cancellationToken);
    }
}
