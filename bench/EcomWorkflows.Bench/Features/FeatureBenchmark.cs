using System.Diagnostics;
using EcomWorkflows.Bench.Orchestrator;
using EcomWorkflows.Bench.Training;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Features.Definitions;
using EcomWorkflows.Server.Api.FeatureServer;
using EcomWorkflows.Server.Database;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace EcomWorkflows.Bench.Features;

/// <summary>
/// The feature store under load: wrk on the same machine, an API key with every request, random customers; beside each figure a Kestrel that only says hello, and a PostgreSQL that
/// only finds one row by its key. Then a training set from ten million rows of history.
/// </summary>
internal sealed class FeatureBenchmark
{
    private const int Pairs = 100_000;

    private const string ScoredModel = "bench";

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);

    public async Task<IReadOnlyList<BenchResult>> RunAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("ecom-bench-");
        folder.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        try
        {
            var home = Path.Combine(folder.FullName, "home");
            await using var postgres = await EmbeddedPostgres.StartOrJoinAsync(new EmbeddedPostgresOptions { Home = home }, TimeProvider.System, NullLogger.Instance, cancellationToken);
            await FeatureData.DefineAsync(home);
            List<BenchResult> results = [];
            await using (var server = await FeatureServer.StartAsync(postgres.ConnectionString, home, FeatureData.Customers * 2, cancellationToken))
            {
                await server.Get<FeatureApplication>().ApplyAsync(cancellationToken);
                await FeatureData.FillOnlineAsync(server.Get<NpgsqlDataSource>(), cancellationToken);
                results.AddRange(await OnlineAsync(server, postgres.ConnectionString, folder.FullName, cancellationToken));
            }
            await using var historic = await FeatureServer.StartAsync(postgres.ConnectionString, home, cachedRows: 0, cancellationToken);
            await FeatureData.FillHistoryAsync(historic.Get<NpgsqlDataSource>(), home, cancellationToken);
            results.AddRange(await HistoricalAsync(historic, cancellationToken));
            return results;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<IReadOnlyList<BenchResult>> OnlineAsync(FeatureServer cached, string connectionString, string folder, CancellationToken cancellationToken)
    {
        var key = await cached.KeyAsync(cancellationToken);
        var (one, hundred) = (FeatureRequests.Script(1, FeatureData.Customers, key), FeatureRequests.Script(100, FeatureData.Customers, key));
        await using var bare = await FeatureServer.StartBareAsync(cancellationToken);
        await using var uncached = await FeatureServer.StartAsync(connectionString, Path.Combine(folder, "home"), cachedRows: 0, cancellationToken);
        Task<LoadResult> LoadAsync(FeatureServer server, string? script, int connections, TimeSpan duration, string path = FeatureServerApi.OnlineFeaturesPath) =>
            LoadGenerator.RunAsync(script is null ? server.Address : server.Address + path, script, connections, duration, folder, cancellationToken);

        await LoadAsync(bare, null, 8, WarmUp);
        var (hello, helloMany) = (await LoadAsync(bare, null, 1, Duration), await LoadAsync(bare, null, 8, Duration));
        await LoadAsync(cached, hundred, 4, WarmUp);
        await LoadAsync(cached, one, 8, WarmUp);
        var (fromCache, throughput, batch) = (await LoadAsync(cached, one, 1, Duration), await LoadAsync(cached, one, 8, Duration), await LoadAsync(cached, hundred, 1, Duration));
        var (byRow, byKey) = await ScoringAsync(cached, key, (script, duration) => LoadAsync(cached, script, 1, duration, $"/models/{ScoredModel}/invocations"), cancellationToken);
        await LoadAsync(uncached, one, 4, WarmUp);
        var (fromDatabase, databaseMany) = (await LoadAsync(uncached, one, 1, Duration), await LoadAsync(uncached, one, 8, Duration));
        await LoadAsync(uncached, hundred, 1, WarmUp);
        var databaseBatch = await LoadAsync(uncached, hundred, 1, Duration);
        var (select, selectRate) = await PrimaryKeyAsync(uncached.Get<NpgsqlDataSource>(), cancellationToken);
        return
        [
            Latency("1 row × 50 features, from memory", fromCache.P99, "Kestrel hello, p99", hello.P99, 2),
            Latency("1 row × 50 features scored by boosted trees", byRow.P99, "Kestrel hello, p99", hello.P99, 5),
            Latency("1 customer scored by key, features from memory", byKey.P99, "the same features, unscored, p99", fromCache.P99, 5),
            Latency("1 row × 50 features, from PostgreSQL", fromDatabase.P99, "primary-key select, p99", select, 10),
            Latency("100 rows × 50 features, from memory", batch.P99, "Kestrel hello, p99", hello.P99, 25),
            Latency("100 rows × 50 features, from PostgreSQL", databaseBatch.P99, "primary-key select, p99", select, 25),
            Rate("1-row requests, from memory, 8 connections", throughput.PerSecond, "Kestrel hello", helloMany.PerSecond, 8_000),
            new BenchResult("1-row requests, from PostgreSQL, 8 connections", databaseMany.PerSecond, "/s", "primary-key selects, one connection", selectRate, databaseMany.PerSecond / selectRate, null, null),
        ];
    }

    private static async Task<(LoadResult ByRow, LoadResult ByKey)> ScoringAsync(
        FeatureServer server, string key, Func<string, TimeSpan, Task<LoadResult>> load, CancellationToken cancellationToken)
    {
        var attempts = new BenchAttempts(server.Get<NpgsqlDataSource>(), server.Get<PipelineOptions>().Home);
        string[] features = [.. Enumerable.Range(0, FeatureData.Features).Select(i => $"f{i}")];
        await BenchModel.RegisterAsync(server.Services, attempts, ScoredModel, "bench", "wide", features, cancellationToken);
        var (row, entity) = (FeatureRequests.RowScript(key), FeatureRequests.EntityScript(FeatureData.Customers, key));
        await load(row, WarmUp);
        var byRow = await load(row, Duration);
        await load(entity, WarmUp);
        return (byRow, await load(entity, Duration));
    }

    /// <summary>p99 in milliseconds and rate of one prepared select after the other.</summary>
    private static async Task<(double P99, double PerSecond)> PrimaryKeyAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var find = new NpgsqlCommand("select id from features.feature_view where name = 'wide'", connection);
        var table = $"features.online_{await find.ExecuteScalarAsync(cancellationToken)}_v1";
        await using var select = new NpgsqlCommand($"""select "values" from {table} where entity_key = $1""", connection);
        var parameter = new NpgsqlParameter<string> { TypedValue = "" };
        select.Parameters.Add(parameter);
        await select.PrepareAsync(cancellationToken);
        var random = new Random(4711);
        var times = new List<double>();
        for (var i = 0; i < 20_000; i++)
        {
            parameter.TypedValue = $"C{random.Next(FeatureData.Customers):0000000}";
            var started = Stopwatch.GetTimestamp();
            await select.ExecuteScalarAsync(cancellationToken);
            times.Add(Milliseconds.Between(started, Stopwatch.GetTimestamp()));
        }
        return (Milliseconds.Percentile(times, 0.99), 1000 * times.Count / times.Sum());
    }

    private static async Task<IReadOnlyList<BenchResult>> HistoricalAsync(FeatureServer server, CancellationToken cancellationToken)
    {
        var home = server.Get<Pipeline.PipelineOptions>().Home;
        var (pairs, scan) = (Path.Combine(home, "pairs.parquet"), Path.Combine(home, "lake", "features", "store"));
        using var duck = DuckDbConnection.Open(new DuckDbOptions { MemoryLimit = "900MB" });
        duck.Execute(
            $"""
            copy (
              select 'C' || lpad((hash(i * 13) % {FeatureData.Customers})::varchar, 7, '0') as customer_id, timestamp '2025-01-01' + to_seconds((hash(i * 17) % 31536000)::bigint) as event_timestamp
              from range({Pairs}) t(i)
            ) to {DuckDbSql.Literal(pairs)} (format parquet)
            """,
            ct: cancellationToken);
        var features = Enumerable.Range(0, FeatureData.HistoryViews).SelectMany(v => Enumerable.Range(0, 10).Select(f => $"past{v}:f{f}")).ToArray();
        var best = double.MaxValue;
        for (var round = 0; round < 3; round++)
        {
            var started = Stopwatch.GetTimestamp();
            await server.Get<HistoricalFeatures>().WriteFileAsync(new HistoricalQuery(features, null, true, null), pairs, Path.Combine(home, $"out-{round}.parquet"), cancellationToken);
            best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
        var reading = Stopwatch.GetTimestamp();
        duck.Scalar<long>($"select sum(hash(customer_id) % 2 + f0::bigint % 2 + epoch(event_timestamp)::bigint % 2)::bigint from read_parquet({DuckDbSql.Literal(scan + "/*/*.parquet")})", ct: cancellationToken);
        var reference = Stopwatch.GetElapsedTime(reading).TotalSeconds;
        return [new BenchResult("100,000 pairs × 3 views over 10 M rows", best, "s", "one scan of three of the columns", reference, best / reference, "at most 5 s", best <= 5)];
    }

    private static BenchResult Latency(string name, double value, string reference, double referenceValue, double goal) =>
        new(name, value, "ms p99", reference, referenceValue, value / referenceValue, $"less than {goal:0} ms", value < goal);

    private static BenchResult Rate(string name, double value, string reference, double referenceValue, double goal) =>
        new(name, value, "/s", reference, referenceValue, value / referenceValue, $"at least {goal:#,0}/s", value >= goal);
}
