using System.Diagnostics;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Pipeline;
using EcomWorkflows.Pipeline.Versioning;
using EcomWorkflows.Pipeline.Versioning.Comparison;
using EcomWorkflows.Pipeline.Versioning.Keeping;
using EcomWorkflows.Server.Database;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace EcomWorkflows.Bench.Datasets;

/// <summary>Two versions of a table of 1,000,000 rows and 12 columns: comparing them row by row, beside <c>sort</c> and <c>diff</c> of the same rows as CSV; verifying them, beside <c>md5sum</c>.</summary>
internal sealed class DatasetsBenchmark
{
    private const int Rows = 1_000_000;

    private const int Repetitions = 3;

    private const double DiffGoalSeconds = 3;

    public async Task<IReadOnlyList<BenchResult>> RunAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("ecom-bench-");
        folder.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        try
        {
            var home = Path.Combine(folder.FullName, "home");
            await using var postgres = await EmbeddedPostgres.StartOrJoinAsync(new EmbeddedPostgresOptions { Home = home }, TimeProvider.System, NullLogger.Instance, cancellationToken);
            await using var services = new ServiceCollection()
                .AddLogging()
                .AddSingleton(NpgsqlDataSource.Create(postgres.ConnectionString))
                .AddEcomPipeline(new PipelineOptions { Home = home, WorkflowsFolder = home, DataVersionsFolder = Path.Combine(home, "data-versions") })
                .BuildServiceProvider();
            await new Migrator(services.GetRequiredService<NpgsqlDataSource>(), services.GetServices<MigrationSet>()).ApplyAsync(cancellationToken);
            return await MeasureAsync(services, folder.FullName, cancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<IReadOnlyList<BenchResult>> MeasureAsync(ServiceProvider services, string folder, CancellationToken cancellationToken)
    {
        // 1 % of the rows change, 0.5 % go and 0.5 % come.
        var (before, after) = (Path.Combine(folder, "before.parquet"), Path.Combine(folder, "after.parquet"));
        Write(before, $"select * from ({Table(0, Rows)})");
        Write(after, $"select * replace (if(id % 100 = 0, amount + 1, amount) as amount) from ({Table(Rows / 200, Rows + (Rows / 200))})");
        var manual = services.GetRequiredService<ManualDatasets>();
        var versions = services.GetRequiredService<DatasetVersions>();
        var first = Stopwatch.GetTimestamp();
        await manual.AddAsync("bench/rows", before, "the benchmark", null, "bench", cancellationToken);
        var adding = Stopwatch.GetElapsedTime(first).TotalSeconds;
        await manual.AddAsync("bench/rows", after, "the benchmark", null, "bench", cancellationToken);
        var all = await versions.ListAsync("bench/rows", cancellationToken);

        var reference = await SortAndDiffAsync(before, after, folder, cancellationToken);
        var diff = await MedianAsync(async () =>
        {
            var difference = (await services.GetRequiredService<DatasetComparison>().RunAsync(all[1], all[0], new ComparisonOptions(), cancellationToken)).Tables[0];
            if ((difference.Added, difference.Removed, difference.Changed) != (Rows / 200, Rows / 200, (Rows - (Rows / 200)) / 100))
                throw new InvalidOperationException($"The comparison is wrong: {difference.Added} added, {difference.Removed} removed, {difference.Changed} changed.");
        });
        var quick = await MedianAsync(() => services.GetRequiredService<DatasetComparison>().RunAsync(all[1], all[0], new ComparisonOptions { Distributions = false, Examples = 0 }, cancellationToken));
        var hashing = await TimeAsync("md5sum", [before, after], cancellationToken);
        var verifying = await MedianAsync(() => services.GetRequiredService<DatasetVerification>().RunAsync(all, cancellationToken));
        return
        [
            new BenchResult("diff of two versions of 1 M rows × 12 columns: rows, columns, examples, distributions", diff, "s", "sort and diff of the rows as CSV", reference, diff / reference, $"at most {DiffGoalSeconds} s", diff <= DiffGoalSeconds),
            new BenchResult("the same, rows and columns only", quick, "s", "sort and diff of the rows as CSV", reference, quick / reference, null, null),
            new BenchResult("verify both versions (MD5 and SHA-256 of every byte, git objects)", verifying, "s", "md5sum of both files", hashing, verifying / hashing, null, null),
            new BenchResult("make a version of 1 M rows: hash, copy, statistics, commit, tag", adding, "s", null, null, null, null, null),
        ];
    }

    private static string Table(int from, int to) =>
        $"""
        select range as id, 'C' || lpad((hash(range) % 50000)::varchar, 7, '0') as customer_id, timestamp '2026-01-01' + to_seconds((hash(range, 1) % 20000000)::bigint) as event_time,
          ['view', 'cart', 'purchase', 'return'][1 + (hash(range, 2) % 4)::int] as event_type, 'P' || (hash(range, 3) % 8000) as product_id, 'S' || (hash(range, 4) % 240) as seller_id,
          if(hash(range, 5) % 4 = 0, 'O' || (hash(range, 6) % 150000), null) as order_id, (1 + hash(range, 7) % 5)::double as quantity, round((hash(range, 8) % 20000) / 100.0, 2)::double as unit_price,
          round((hash(range, 9) % 60000) / 100.0, 2)::double as amount, hash(range, 10) % 2 = 0 as is_activity, (hash(range, 11) % 60000)::bigint as line
        from range({from}, {to})
        """;

    private static void Write(string path, string select)
    {
        using var duckDb = DuckDbConnection.Open(new DuckDbOptions { MemoryLimit = "1GB", PreserveInsertionOrder = true });
        duckDb.Execute($"copy ({select}) to {DuckDbSql.Literal(path)} (format parquet)");
    }

    /// <summary>What one does without a diff of tables; writing the CSV is not counted.</summary>
    private static async Task<double> SortAndDiffAsync(string before, string after, string folder, CancellationToken cancellationToken)
    {
        using (var duckDb = DuckDbConnection.Open(new DuckDbOptions { MemoryLimit = "1GB" }))
        {
            foreach (var file in new[] { before, after })
                duckDb.Execute($"copy (from read_parquet({DuckDbSql.Literal(file)})) to {DuckDbSql.Literal(file + ".csv")} (format csv)", ct: cancellationToken);
        }
        return await TimeAsync("sh", ["-c", $"export LC_ALL=C; sort '{before}.csv' > '{folder}/a'; sort '{after}.csv' > '{folder}/b'; diff '{folder}/a' '{folder}/b' > /dev/null; true"], cancellationToken);
    }

    private static async Task<double> MedianAsync(Func<Task> work)
    {
        var times = new List<double>();
        for (var repetition = 0; repetition < Repetitions; repetition++)
        {
            var started = Stopwatch.GetTimestamp();
            await work();
            times.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
        return times.Order().ElementAt(Repetitions / 2);
    }

    private static async Task<double> TimeAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        var measured = await MeasuredProcess.RunAsync(new ProcessStartInfo(program, arguments), _ => true, cancellationToken);
        return measured.ExitCode == 0 ? measured.Elapsed.TotalSeconds : throw new InvalidOperationException($"{program} failed: {measured.Output}");
    }
}
