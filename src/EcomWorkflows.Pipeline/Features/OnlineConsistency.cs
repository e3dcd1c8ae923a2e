using System.Text.Json;
using Dapper;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Features.Offline;
using EcomWorkflows.Pipeline.Features.Online;
using Npgsql;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>Proves on a sample of entities that what is served is what the history has as its newest row now, and keeps the score.</summary>
internal sealed class OnlineConsistency(NpgsqlDataSource database, FeatureHistory history, PipelineOptions options, TimeProvider time)
{
    private const int Sample = 200;

    private const int MostExamples = 5;

    public async Task<ConsistencyResult> CheckAsync(FeatureView view, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var served = await ServedAsync(view, cancellationToken);
        var scan = await history.OpenAsync(view, cancellationToken);
        // Rows of the future are served as soon as they come: then it is their time that history is asked for.
        var asOf = served.Select(r => r.EventTimestamp).Append(now).Max();
        var result = await Task.Run(() => Compare(view, served, scan, asOf, cancellationToken), cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into features.consistency_check (view_id, version, checked_at, entities, cells, equal, examples)
            values (@Id, @Version, @at, @Entities, @Cells, @Equal, @examples::jsonb)
            """,
            new { view.Id, view.Version, at = now.UtcDateTime, result.Entities, result.Cells, result.Equal, examples = JsonSerializer.Serialize(result.Examples) },
            cancellationToken: cancellationToken));
        return result;
    }

    private async Task<IReadOnlyList<OnlineStoreRow>> ServedAsync(FeatureView view, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        // By hash, other entities every time: the seed is the moment.
        var rows = await connection.QueryAsync<OnlineStoreRow>(new CommandDefinition(
            $"""
            select entity_key as "EntityKey", event_timestamp as "EventTimestamp", "values" as "Values"
            from {view.OnlineTable}
            order by hashtextextended(entity_key, @seed)
            limit {Sample}
            """,
            new { seed = time.GetUtcNow().ToUnixTimeSeconds() }, cancellationToken: cancellationToken));
        return [.. rows.Select(row => row with { Values = CompactValues.Expand(row.Values, view.Features.Count) })];
    }

    private ConsistencyResult Compare(FeatureView view, IReadOnlyList<OnlineStoreRow> served, HistoryScan scan, DateTimeOffset asOf, CancellationToken cancellationToken)
    {
        using var duck = DuckDbConnection.Open(new DuckDbOptions { MemoryLimit = options.DuckDbMemoryLimit, Threads = options.Threads });
        scan.Attach(duck, "history", cancellationToken);
        duck.Execute("create temp table asked (entity_key varchar)", ct: cancellationToken);
        using (var appender = duck.CreateAppender("asked"))
        {
            foreach (var row in served)
            {
                appender.Append(row.EntityKey);
                appender.EndRow();
            }
        }
        var known = new Dictionary<string, OnlineStoreRow>(StringComparer.Ordinal);
        using (var rows = duck.Query(
            $"""
            select entity_key, event_timestamp, {string.Join(", ", view.Features.Select(f => DuckDbSql.Identifier(f.Name)))}
            from history
            where entity_key in (select entity_key from asked)
              and event_timestamp between $oldest::timestamp and $as_of::timestamp
            qualify row_number() over (partition by entity_key order by event_timestamp desc, created_timestamp desc) = 1
            """,
            // An equal row has its own time, so none before the oldest of the sample is needed.
            new { oldest = served.Select(r => r.EventTimestamp).DefaultIfEmpty(asOf).Min().UtcDateTime, as_of = asOf.UtcDateTime }, cancellationToken))
        {
            foreach (var row in OnlineStoreRow.Read(rows, view.Features))
                known[row.EntityKey] = row;
        }
        return Count(view, served, known);
    }

    private static ConsistencyResult Count(FeatureView view, IReadOnlyList<OnlineStoreRow> served, Dictionary<string, OnlineStoreRow> known)
    {
        var equal = 0L;
        var examples = new List<string>();
        foreach (var row in served)
        {
            var offline = known.GetValueOrDefault(row.EntityKey);
            Judge(offline?.EventTimestamp == row.EventTimestamp, row, "event_timestamp", row.EventTimestamp, offline?.EventTimestamp);
            for (var i = 0; i < view.Features.Count; i++)
            {
                var (online, stored) = (PackedValues.Value(row.Values, view.Features, i), offline is null ? "no row" : PackedValues.Value(offline.Values, view.Features, i));
                Judge(Equals(online, stored), row, view.Features[i].Name, online, stored);
            }
        }
        return new ConsistencyResult(served.Count, served.Count * (view.Features.Count + 1L), equal, examples);

        void Judge(bool same, OnlineStoreRow row, string what, object? online, object? offline)
        {
            if (same)
                equal++;
            else if (examples.Count < MostExamples)
                examples.Add($"{row.EntityKey.Replace('\u001F', '/')}, {what}: online {online ?? "null"}, offline {offline ?? "null"}");
        }
    }
}
