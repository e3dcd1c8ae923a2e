using Dapper;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Features.Offline;
using EcomWorkflows.Pipeline.Features.Online;
using Npgsql;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>Brings rows of the history online, as Feast's <c>materialize</c> and <c>materialize-incremental</c>.</summary>
/// <remarks>
/// Incremental goes by what the history did not hold the last time, not by times: a late row is in a new file, so it is never behind the mark. Rows later than the end asked for
/// hold the mark back until they too have been brought online. Pushed rows are always looked at: they are few, and in the lake after the view's next materialisation.
/// </remarks>
public sealed class OnlineMaterializations
{
    private readonly NpgsqlDataSource database;
    private readonly FeatureRegistry registry;
    private readonly FeatureHistory history;
    private readonly OnlineConsistency consistency;
    private readonly PipelineOptions options;

    internal OnlineMaterializations(
        NpgsqlDataSource database, FeatureRegistry registry, FeatureHistory history, OnlineConsistency consistency, PipelineOptions options) =>
        (this.database, this.registry, this.history, this.consistency, this.options) = (database, registry, history, consistency, options);

    /// <exception cref="FeatureRequestException">A time is missing, or a view does not exist or is not served online.</exception>
    public async Task<IReadOnlyList<MaterializedView>> MaterializeAsync(MaterializeRequest request, bool incremental, CancellationToken cancellationToken)
    {
        if (request.End is not { } end || (!incremental && request.Start is null))
            throw Malformed($"Give {(incremental ? "" : "start_ts and ")}end_ts, for example \"2026-02-21T00:00:00Z\".");
        if (request.Start > end)
            throw Malformed($"start_ts {request.Start:O} is after end_ts {end:O}.");
        var snapshot = await registry.ReadAsync(cancellationToken);
        var done = new List<MaterializedView>();
        foreach (var view in Chosen(request, snapshot))
            done.Add(await MaterializeAsync(view, incremental ? null : request.Start, end, incremental, cancellationToken));
        return done;
    }

    private static IReadOnlyList<FeatureView> Chosen(MaterializeRequest request, FeatureRegistrySnapshot snapshot)
    {
        if (request.Views is not { Count: > 0 } names)
            return [.. snapshot.Views.Where(v => v is { Online: true, From.OnDemand: false })];
        return [.. names.Select(name =>
        {
            // The form of a feature's name without the feature.
            if (FeatureReference.TryParse($"{name}:any") is not { } reference)
                throw Malformed($"'{name}' is no view: write view or view@v2.");
            var view = snapshot.RequireView(reference.View, reference.Version ?? request.Version);
            return view is { Online: true, From.OnDemand: false } ? view : throw Malformed($"'{name}' is {(view.From.OnDemand ? "computed on demand" : "not served online")}; there is nothing to materialise.");
        })];
    }

    private async Task<MaterializedView> MaterializeAsync(FeatureView view, DateTimeOffset? start, DateTimeOffset end, bool incremental, CancellationToken cancellationToken)
    {
        var since = incremental ? await MarkAsync(view, cancellationToken) : null;
        var scan = await history.OpenAsync(view, cancellationToken, since);
        using var duck = DuckDbConnection.Open(new DuckDbOptions { MemoryLimit = options.DuckDbMemoryLimit, Threads = options.Threads });
        var bounds = new { start = (start ?? DateTimeOffset.MinValue).UtcDateTime, end = end.UtcDateTime };
        var (entities, later) = await Task.Run(() => Prepare(duck, scan, bounds, cancellationToken), cancellationToken);

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        long written;
        using (var rows = duck.Query("select * from newest", ct: cancellationToken))
            written = await OnlineUpsert.ApplyAsync(transaction, view, OnlineStoreRow.Read(rows, view.Features), cancellationToken);
        if (incremental && later == 0 && view.HistorySnapshotId is { } snapshotId)
            await SetMarkAsync(transaction, view, snapshotId, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        var check = await consistency.CheckAsync(view, cancellationToken);
        return new MaterializedView(view.Name, view.Version, entities, written, check.Score);
    }

    private static (long Entities, long Later) Prepare(DuckDbConnection duck, HistoryScan scan, object bounds, CancellationToken cancellationToken)
    {
        scan.Attach(duck, "history", cancellationToken);
        duck.Execute(
            $"""
            create temp table newest as
            select entity_key, event_timestamp, {string.Join(", ", scan.View.Features.Select(f => DuckDbSql.Identifier(f.Name)))}
            from history
            where event_timestamp between $start::timestamp and $end::timestamp
            qualify row_number() over (partition by entity_key order by event_timestamp desc, created_timestamp desc) = 1
            """,
            bounds, cancellationToken);
        var later = duck.Scalar<long>("select count(*) from history where event_timestamp > $end::timestamp and event_timestamp >= $start::timestamp", bounds, cancellationToken);
        return (duck.Scalar<long>("select count(*) from newest", ct: cancellationToken), later);
    }

    private async Task<long?> MarkAsync(FeatureView view, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long?>(new CommandDefinition(
            """
            select snapshot_id
            from features.materialized_until
            where view_id = @Id
              and version = @Version
            """,
            new { view.Id, view.Version }, cancellationToken: cancellationToken));
    }

    private static Task SetMarkAsync(NpgsqlTransaction transaction, FeatureView view, long snapshotId, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            insert into features.materialized_until (view_id, version, snapshot_id)
            values (@Id, @Version, @snapshotId)
            on conflict (view_id, version)
            do update set snapshot_id = excluded.snapshot_id
            """,
            new { view.Id, view.Version, snapshotId }, transaction, cancellationToken: cancellationToken));

    private static FeatureRequestException Malformed(string message) => new(message, notFound: false);
}
