using Dapper;
using EcomWorkflows.Pipeline.Features.Online;
using Npgsql;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>Takes rows that applications push: into the online store, the history, or both, in one transaction.</summary>
public sealed class FeaturePushes
{
    private readonly NpgsqlDataSource database;
    private readonly FeatureRegistry registry;
    private readonly OnlineCache cache;
    private readonly TimeProvider time;

    internal FeaturePushes(NpgsqlDataSource database, FeatureRegistry registry, OnlineCache cache, TimeProvider time) =>
        (this.database, this.registry, this.cache, this.time) = (database, registry, cache, time);

    /// <exception cref="FeatureRequestException">The request is malformed or names a view there is not.</exception>
    public async Task<PushResult> PushAsync(PushRequest request, CancellationToken cancellationToken)
    {
        if (request.To is not ("online" or "offline" or "online_and_offline"))
            throw Malformed($"to is '{request.To}'; allowed are online, offline, online_and_offline.");
        if (request.PushSourceName is not { Length: > 0 } source || request.Rows is null)
            throw Malformed("Give push_source_name and df, for example {\"push_source_name\": \"basket_events\", \"df\": {\"customer_id\": [\"C1\"], \"event_timestamp\": [\"2026-02-21T00:00:00Z\"], \"lines\": [3]}}.");
        var snapshot = await registry.ReadAsync(cancellationToken);
        var view = snapshot.FindPushed(source) ?? throw new FeatureRequestException(
            $"There is no push source or feature view '{source}'. There are: {string.Join(", ", snapshot.Views.Select(v => v.PushSource ?? v.Name))}.", notFound: true);
        if (view.From.OnDemand)
            throw Malformed($"'{view.Name}' is computed on demand; there is nothing to push.");
        var rows = new PushedRows(view, request.Rows).Read();

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var online = 0L;
        var toOnline = request.To != "offline" && view.Online;
        if (toOnline)
            online = await OnlineUpsert.ApplyAsync(transaction, view, NewestOf(rows), cancellationToken);
        var offline = request.To != "online" ? await KeepAsync(transaction, view, LastOfEachTime(rows), cancellationToken) : 0;
        await transaction.CommitAsync(cancellationToken);
        // Whoever pushes here reads here what was pushed, without waiting for the notification.
        if (toOnline)
            cache.ValuesChanged(view.Id, view.Version, [.. rows.Select(r => r.EntityKey)]);
        return new PushResult(view.Name, view.Version, rows.Count, online, offline);
    }

    /// <summary>Of several rows of one entity the last of the newest.</summary>
    private static IEnumerable<OnlineStoreRow> NewestOf(IEnumerable<OnlineStoreRow> rows) =>
        rows.GroupBy(r => r.EntityKey, StringComparer.Ordinal).Select(same => same.Aggregate((a, b) => b.EventTimestamp >= a.EventTimestamp ? b : a));

    /// <summary>Of several rows of one entity and time the last: all would be known since the same moment, and none be the newer.</summary>
    private static IReadOnlyList<OnlineStoreRow> LastOfEachTime(IEnumerable<OnlineStoreRow> rows) =>
        [.. rows.GroupBy(r => (r.EntityKey, r.EventTimestamp)).Select(same => same.Last())];

    private Task<int> KeepAsync(NpgsqlTransaction transaction, FeatureView view, IReadOnlyList<OnlineStoreRow> rows, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            insert into features.pushed_row (view_id, version, entity_key, event_timestamp, created_timestamp, "values")
            select @Id, @Version, r.entity_key, r.event_timestamp, @now, r."values"
            from unnest(@keys, @times, @packed) r(entity_key, event_timestamp, "values")
            """,
            new
            {
                view.Id,
                view.Version,
                now = time.GetUtcNow().UtcDateTime,
                keys = rows.Select(r => r.EntityKey).ToArray(),
                times = rows.Select(r => r.EventTimestamp.UtcDateTime).ToArray(),
                packed = rows.Select(r => r.Values).ToArray(),
            },
            transaction, cancellationToken: cancellationToken));

    private static FeatureRequestException Malformed(string message) => new(message, notFound: false);
}
