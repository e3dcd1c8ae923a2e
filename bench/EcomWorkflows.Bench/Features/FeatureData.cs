using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline;
using Npgsql;

namespace EcomWorkflows.Bench.Features;

/// <summary>100,000 customers with 50 features online, and three views with 10 million rows of history.</summary>
internal static class FeatureData
{
    public const int Customers = 100_000;
    public const int Features = 50;
    public const int HistoryViews = 3;
    public const long HistoryRows = 10_000_000;
    private const int HistoryFeatures = 10;

    public static PipelineOptions Options(string home) => new()
    {
        Home = home, WorkflowsFolder = Path.Combine(home, "workflows"), DataVersionsFolder = Path.Combine(home, "data-versions"),
    };

    public static async Task DefineAsync(string home)
    {
        var folder = Directory.CreateDirectory(Path.Combine(home, "workflows", "features")).FullName;
        var views = Enumerable.Range(0, HistoryViews).Select(v => View($"past{v}", HistoryFeatures)).Prepend(View("wide", Features));
        await File.WriteAllTextAsync(Path.Combine(folder, "bench.json"), $$"""{ "views": [ {{string.Join(", ", views)}} ] }""");
    }

    public static async Task FillOnlineAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var find = new NpgsqlCommand("select id from features.feature_view where name = 'wide'", connection);
        var table = $"features.online_{await find.ExecuteScalarAsync(cancellationToken)}_v1";
        await using var fill = new NpgsqlCommand(
            $"""
            select setseed(0.4711);
            insert into {table} (entity_key, event_timestamp, "values")
            select 'C' || lpad(c::text, 7, '0'), now(), (select string_agg(float8send(random() * 1000), ''::bytea) from generate_series(1, {Features} + 0 * c))
            from generate_series(0, {Customers - 1}) c;
            analyze {table}
            """,
            connection) { CommandTimeout = 600 };
        await fill.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>One row in ten became known hours after the time it belongs to.</summary>
    public static async Task FillHistoryAsync(NpgsqlDataSource database, string home, CancellationToken cancellationToken)
    {
        var rows = HistoryRows / HistoryViews;
        for (var v = 0; v < HistoryViews; v++)
        {
            var relative = Path.Combine("features", "store", $"past{v}", "part-0.parquet");
            var path = Path.Combine(home, "lake", relative);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using (var duck = DuckDbConnection.Open(new DuckDbOptions { MemoryLimit = "900MB" }))
            {
                duck.Execute(
                    $"""
                    copy (
                      select 'C' || lpad((hash(i) % {Customers})::varchar, 7, '0') as customer_id, happened as event_timestamp,
                        happened + to_seconds(case when hash(i + 1) % 10 = 0 then (hash(i + 2) % 86400)::bigint else 0 end) as created_timestamp,
                        {string.Join(", ", Enumerable.Range(0, HistoryFeatures).Select(f => $"(hash(i * {f + 3}) % 1000000) / 1000.0::double as f{f}"))}
                      from (select i, timestamp '2025-01-01' + to_seconds((hash(i * 7) % 31536000)::bigint) as happened from range({v * rows}, {(v + 1) * rows}) t(i))
                    ) to {DuckDbSql.Literal(path)} (format parquet)
                    """,
                    ct: cancellationToken);
            }
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await using var publish = new NpgsqlCommand(
                $"""
                with s as (
                  insert into lake.snapshot (layer, source, name, data_interval_start, data_interval_end, run_id, attempt_id, rows, bytes, columns)
                  values ('features', 'store', 'past{v}', now(), now(), 0, 0, {rows}, 1, '[]')
                  returning snapshot_id
                ),
                f as (
                  insert into lake.file (snapshot_id, position, path, rows, bytes, sha256)
                  select snapshot_id, 1, $1, {rows}, 1, '' from s
                )
                update features.feature_view_version n
                set history_snapshot_id = s.snapshot_id
                from s, features.feature_view v
                where v.name = 'past{v}' and n.view_id = v.id
                """,
                connection);
            publish.Parameters.Add(new NpgsqlParameter<string> { TypedValue = relative });
            await publish.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static string View(string name, int features) =>
        $$"""
        { "name": "{{name}}", "description": "For the benchmark.", "entities": ["customer"], "source": { "push": true },
          "features": [ {{string.Join(", ", Enumerable.Range(0, features).Select(f => $$"""{ "name": "f{{f}}", "type": "double", "description": "A number." }"""))}} ] }
        """;
}
