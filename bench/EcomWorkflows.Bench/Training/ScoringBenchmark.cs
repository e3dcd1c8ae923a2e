using System.Diagnostics;
using System.Globalization;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Scheduling;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Pipeline;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Features.Definitions;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Scoring;
using EcomWorkflows.Pipeline.Training;
using EcomWorkflows.Server.Database;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace EcomWorkflows.Bench.Training;

/// <summary>
/// Scores as many customers as a large shop has visitors: <c>Ecom.ScoreChurn</c> from the lake's Parquet to published predictions, without reasons. Beside it pandas and Python's
/// xgboost with the same model file, from CSV (Debian's pandas reads no Parquet) to CSV.
/// </summary>
internal sealed class ScoringBenchmark(Twins twins)
{
    private const int Customers = 4_620_187;
    private const string Source = "bench";

    private static readonly string[] Features = ["recency", "frequency", "monetary"];

    public async Task<IReadOnlyList<BenchResult>> RunAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("ecom-bench-");
        folder.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        try
        {
            return await RunAsync(folder.FullName, cancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<IReadOnlyList<BenchResult>> RunAsync(string folder, CancellationToken cancellationToken)
    {
        var home = Path.Combine(folder, "scoring");
        await using var postgres = await EmbeddedPostgres.StartOrJoinAsync(new EmbeddedPostgresOptions { Home = home }, TimeProvider.System, NullLogger.Instance, cancellationToken);
        await WriteMappingAsync(home, cancellationToken);
        await WriteFeaturesAsync(home, cancellationToken);
        var options = new PipelineOptions { Home = home, WorkflowsFolder = Path.Combine(home, "workflows"), DataVersionsFolder = Path.Combine(home, "data-versions") };
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddSingleton(_ => OrchestrationDatabase.Open(postgres.ConnectionString))
            .AddEcomOrchestration(new OrchestrationOptions { WorkRoot = Path.Combine(home, "work") })
            .AddEcomSchedules()
            .AddEcomPipeline(options)
            .BuildServiceProvider();
        await services.GetRequiredService<Migrator>().ApplyAsync(cancellationToken);
        var attempts = new BenchAttempts(services.GetRequiredService<NpgsqlDataSource>(), home);
        var csv = Path.Combine(folder, "customers.csv");
        await PublishAsync(services.GetRequiredService<LakeStore>(), attempts, csv, cancellationToken);
        await services.GetRequiredService<FeatureApplication>().ApplyAsync(cancellationToken);
        await using (var publish = services.GetRequiredService<NpgsqlDataSource>().CreateCommand(
            "update features.feature_view_version set history_snapshot_id = (select max(snapshot_id) from lake.snapshot where layer = 'features')"))
        {
            await publish.ExecuteNonQueryAsync(cancellationToken);
        }
        var model = await BenchModel.RegisterAsync(services, attempts, ModelNames.ChurnOf(Source), Source, FeatureView.NameOf(Source), Features, cancellationToken);

        var (seconds, busy, peak) = await ScoreAsync(services, attempts, cancellationToken);
        var python = await twins.RunAsync(
            cancellationToken, "score", Path.Combine(home, model.Folder, "model.ubj"), csv, model.Threshold.ToString(CultureInfo.InvariantCulture), Path.Combine(folder, "scores.csv"));
        var (theirs, theirBusy, theirPeak) = (python.GetProperty("seconds").GetDouble(), python.GetProperty("cpu").GetDouble(), python.GetProperty("peak_mb").GetDouble());
        return
        [
            new BenchResult($"score {Customers:N0} × {Features.Length}, lake to published predictions", seconds, "s", "pandas + xgboost, CSV to CSV", theirs, seconds / theirs, "at most 15 s", seconds <= 15),
            new BenchResult("of this, processor time without PostgreSQL's", busy, "s", "pandas + xgboost", theirBusy, busy / theirBusy, null, null),
            new BenchResult("of this, peak memory", peak, "MB", "pandas + xgboost", theirPeak, peak / theirPeak, "at most 1 GB", peak <= 1024),
        ];
    }

    private static async Task<(double Seconds, double Busy, double PeakMegabytes)> ScoreAsync(IServiceProvider services, BenchAttempts attempts, CancellationToken cancellationToken)
    {
        // What was needed to make the data is none of the scoring's.
        GC.Collect();
        await File.WriteAllTextAsync("/proc/self/clear_refs", "5", cancellationToken);
        var (watch, cpu) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        var task = ActivatorUtilities.CreateInstance<ScoreChurnTask>(services);
        await task.RunAsync(new ScoreChurnInputs { Source = Source, ExplainTop = 0 }, attempts.Context("score"), cancellationToken);
        return (watch.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds, PeakMegabytes());
    }

    private static double PeakMegabytes()
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    private static async Task PublishAsync(LakeStore lake, BenchAttempts attempts, string csv, CancellationToken cancellationToken)
    {
        await PublishAsync(
            lake, attempts, new LakeTableName("silver", Source, "events"),
            "select 'C0' as customer_id, timestamp '2026-01-01' + to_days(d::int) as event_time, true as is_activity from range(0, 200) t(d)", null, cancellationToken);
        await PublishAsync(
            lake, attempts, new LakeTableName("features", Source, "customer_activity"),
            $"""
            select 'C' || lpad(i::varchar, 8, '0') as customer_id, timestamp '2026-07-20' as event_timestamp, timestamp '2026-07-20' as created_timestamp,
              {string.Join(", ", Features.Select((feature, i) => $"(hash(i * 7 + {i}) % 1000000) / 1000.0::double as {feature}"))}
            from range({Customers}) t(i)
            """,
            csv, cancellationToken);
    }

    private static async Task PublishAsync(LakeStore lake, BenchAttempts attempts, LakeTableName table, string select, string? csv, CancellationToken cancellationToken)
    {
        var context = attempts.Context("publish");
        var path = lake.NewFile(context, table);
        using var duck = DuckDbConnection.Open(new DuckDbOptions { MemoryLimit = "900MB", PreserveInsertionOrder = true });
        duck.Execute($"copy ({select}) to {DuckDbSql.Literal(path)} {ParquetFormat.Options}", ct: cancellationToken);
        if (csv is not null)
            duck.Execute($"copy (select customer_id, {string.Join(", ", Features)} from read_parquet({DuckDbSql.Literal(path)})) to {DuckDbSql.Literal(csv)} (format csv, header)", ct: cancellationToken);
        var columns = LakeStore.Columns(duck, path, cancellationToken);
        var file = await lake.DescribeAsync(path, cancellationToken);
        await context.PublishAsync((scope, token) => lake.PublishAsync(scope, context, table, [file], columns, token), cancellationToken);
    }

    private static async Task WriteFeaturesAsync(string home, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateDirectory(Path.Combine(home, "workflows", "features")).FullName;
        await File.WriteAllTextAsync(
            Path.Combine(folder, Source + ".json"),
            $$"""
            {
              "views": [ {
                "name": "{{FeatureView.NameOf(Source)}}", "description": "For the benchmark.", "entities": ["customer"], "source": { "task": "Ecom.BuildFeatures", "of": "{{Source}}" },
                "features": [ {{string.Join(", ", Features.Select(feature => $$"""{ "name": "{{feature}}", "type": "double", "description": "A number." }"""))}} ]
              } ],
              "services": [ { "name": "{{FeatureView.ChurnServiceOf(Source)}}", "description": "For the benchmark.", "features": ["{{FeatureView.NameOf(Source)}}"] } ]
            }
            """,
            cancellationToken);
    }

    private static async Task WriteMappingAsync(string home, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateDirectory(Path.Combine(home, "workflows", "sources")).FullName;
        await File.WriteAllTextAsync(
            Path.Combine(folder, Source + ".json"),
            $$"""
            { "source": "{{Source}}", "description": "For the benchmark.", "entities": {}, "silver": {}, "activity": { "eventTypes": ["purchase"] }, "churn": { "outcomeDays": 30, "embargoDays": 1 } }
            """,
            cancellationToken);
    }
}
