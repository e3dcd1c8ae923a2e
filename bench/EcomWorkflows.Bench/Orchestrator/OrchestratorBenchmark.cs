using System.Diagnostics;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Scheduling;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Server.Database;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace EcomWorkflows.Bench.Orchestrator;

/// <summary>Tasks per second, hand-over latency, memory and idle cost of one node on a private PostgreSQL with fsync on; pgbench on the same server beside it.</summary>
internal sealed class OrchestratorBenchmark
{
    private const double SustainedGoal = 3000;

    private readonly List<BenchResult> results = [];
    private double single;
    private double eight;

    public async Task<IReadOnlyList<BenchResult>> RunAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("ecom-bench-");
        folder.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        try
        {
            var options = new EmbeddedPostgresOptions { Home = Path.Combine(folder.FullName, "home") };
            await using var postgres = await EmbeddedPostgres.StartOrJoinAsync(options, TimeProvider.System, NullLogger.Instance, cancellationToken);
            var pgbench = new PgBench(postgres);
            single = await pgbench.CommitsPerSecondAsync(1, cancellationToken);
            eight = await pgbench.CommitsPerSecondAsync(8, cancellationToken);
            await using var node = await BenchNode.StartAsync(postgres.ConnectionString, Path.Combine(folder.FullName, "work"), cancellationToken);
            await MeasureAsync(node, postgres.ConnectionString, cancellationToken);
            results.Add(new BenchResult("pgbench, one client", single, "commits/s", "at the end of the run", await pgbench.CommitsPerSecondAsync(1, cancellationToken), null, null, null));
            results.Add(new BenchResult("pgbench, eight clients", eight, "commits/s", "at the end of the run", await pgbench.CommitsPerSecondAsync(8, cancellationToken), null, null, null));
            return results;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task MeasureAsync(BenchNode node, string connectionString, CancellationToken cancellationToken)
    {
        await WarmUpAsync(node, cancellationToken);
        await ChainAsync(node, 40, 10, cancellationToken);
        await ChainAsync(node, 1000, 0, cancellationToken);
        await FanAsync(node, 10_000, cancellationToken);
        await ScheduledAsync(node, connectionString, 1000, cancellationToken);
        await RetriesAsync(node, 1000, cancellationToken);
        results.Add(Below("peak memory of the node so far, 10,000-task runs and the benchmark's own records included", PeakMegabytes(), "MB", 400));
        await SizesAsync(node, connectionString, cancellationToken);
        results.Add(new BenchResult("peak memory of the node with a 50,000-task run", PeakMegabytes(), "MB", null, null, null, null, null));
        await IdleAsync(cancellationToken);
    }

    /// <summary>Code compiled, connections open, statements prepared: what a node that runs has behind it.</summary>
    private static async Task WarmUpAsync(BenchNode node, CancellationToken cancellationToken)
    {
        foreach (var dag in new[] { Shapes.Chain("warm-up-chain", 200, 0), Shapes.Fan("warm-up-fan", 2000) })
        {
            await node.ImportAsync(dag, cancellationToken);
            await node.RunAsync(dag, cancellationToken);
        }
    }

    private async Task IdleAsync(CancellationToken cancellationToken)
    {
        var process = Process.GetCurrentProcess();
        var (cpu, started) = (process.TotalProcessorTime, Stopwatch.GetTimestamp());
        await Task.Delay(TimeSpan.FromSeconds(10), cancellationToken);
        process.Refresh();
        results.Add(Below("idle CPU of the node", 100 * (process.TotalProcessorTime - cpu) / Stopwatch.GetElapsedTime(started), "%", 2));
    }

    private async Task ChainAsync(BenchNode node, int length, int milliseconds, CancellationToken cancellationToken)
    {
        var dag = Shapes.Chain($"chain-{length}", length, milliseconds);
        var name = milliseconds > 0 ? $"{length} chained {milliseconds} ms tasks" : $"chain of {length:#,0}";
        await node.ImportAsync(dag, cancellationToken);
        var (runId, elapsed, _) = await node.RunAsync(dag, cancellationToken);
        if (milliseconds > 0)
            results.Add(Below($"{name}, trigger to last end", elapsed / 1000, "s", 0.8));
        else
            results.Add(new BenchResult($"{name}, tasks per second", length * 1000 / elapsed, "tasks/s", "pgbench, one client", single, length * 1000 / elapsed / single, null, null));
        HandOvers(name, node.Times.HandOvers(runId, dag));
    }

    private async Task FanAsync(BenchNode node, int width, CancellationToken cancellationToken)
    {
        var dag = Shapes.Fan("fan", width);
        await node.ImportAsync(dag, cancellationToken);
        var (_, elapsed, first) = await node.RunAsync(dag, cancellationToken);
        results.Add(Below($"fan-out and fan-in of {width:#,0}, trigger to last end", elapsed / 1000, "s", 5));
        results.Add(Below($"fan-out and fan-in of {width:#,0}, trigger to first start", first / 1000, "s", 1));
        results.Add(Rate($"fan-out and fan-in of {width:#,0}, tasks per second", width * 1000 / elapsed));
    }

    /// <summary>Every DAG's tick is given at once, as at a full minute; creating the runs is part of what is measured.</summary>
    private async Task ScheduledAsync(BenchNode node, string connectionString, int count, CancellationToken cancellationToken)
    {
        var dags = Enumerable.Range(0, count).Select(i => Shapes.Scheduled($"due-{i}", "@daily")).ToList();
        foreach (var dag in dags)
            await node.ImportAsync(dag, cancellationToken);
        node.Times.Clear();
        await ExecuteAsync(connectionString, "vacuum analyze", cancellationToken);
        await ExecuteAsync(connectionString, "update orchestration.dag set is_paused = false", cancellationToken);
        var due = Stopwatch.GetTimestamp();
        await node.Get<DagTicker>().TickAsync(cancellationToken);
        var created = Milliseconds.Between(due, Stopwatch.GetTimestamp());
        var runs = new List<(long RunId, Dag Dag)>(count);
        foreach (var dag in dags)
        {
            var run = (await node.Get<RunReader>().ListAsync(dag.DagId, null, 1, null, cancellationToken))[0];
            await node.WaitAsync(run.RunId, cancellationToken);
            runs.Add((run.RunId, dag));
        }
        var elapsed = Milliseconds.Between(due, node.Times.LastEnd());
        var name = $"{count:#,0} DAGs of 10 tasks due in the same minute";
        results.Add(new BenchResult($"{name}, tick to last run created", created / 1000, "s", null, null, null, null, null));
        results.Add(new BenchResult($"{name}, tick to last end", elapsed / 1000, "s", null, null, null, "less than 60 s", elapsed < 60_000));
        results.Add(new BenchResult($"{name}, tasks per second", count * 10_000 / elapsed, "tasks/s", "pgbench, eight clients", eight, count * 10_000 / elapsed / eight, null, null));
        // All of them at once is overload: a hand-over then waits in the queue behind the others' tasks, so no goal is set beside it.
        var handOvers = runs.SelectMany(r => node.Times.HandOvers(r.RunId, r.Dag)).ToList();
        results.Add(new BenchResult($"{name}, hand-over p50", Milliseconds.Percentile(handOvers, 0.5), "ms", null, null, null, null, null));
        results.Add(new BenchResult($"{name}, hand-over p99", Milliseconds.Percentile(handOvers, 0.99), "ms", null, null, null, null, null));
    }

    private async Task RetriesAsync(BenchNode node, int count, CancellationToken cancellationToken)
    {
        var delay = TimeSpan.FromSeconds(5);
        var dag = Shapes.Retries("retries", count, delay);
        await node.ImportAsync(dag, cancellationToken);
        await node.RunAsync(dag, cancellationToken);
        var lastFailure = node.Times.OfTry(1).Max(t => t.Ended);
        var late = node.Times.OfTry(2).Select(t => Milliseconds.Between(lastFailure, t.Started) - delay.TotalMilliseconds).ToList();
        results.Add(new BenchResult($"{count:#,0} rows waiting for retry, last retry started after it was due", late.Max(), "ms", null, null, null, null, null));
    }

    private async Task SizesAsync(BenchNode node, string connectionString, CancellationToken cancellationToken)
    {
        double? smallest = null;
        foreach (var size in new[] { 1000, 10_000, 50_000 })
        {
            var dag = Shapes.Braid($"braid-{size}", size);
            await node.ImportAsync(dag, cancellationToken);
            var (_, elapsed, _) = await node.RunAsync(dag, cancellationToken);
            var each = elapsed / size;
            results.Add(new BenchResult(
                $"cost per task, 100 chains, {size:#,0} tasks", each, "ms", "1,000 tasks", smallest ?? each, each / (smallest ?? each), smallest is null ? null : "less than 1.5 × that of 1,000",
                smallest is null ? null : each < 1.5 * smallest));
            if (size == 50_000)
                results.Add(Rate($"sustained over {size:#,0} tasks, tasks per second", size * 1000 / elapsed));
            smallest ??= each;
            // Autovacuum's work is done between the measurements, not in one of them.
            await ExecuteAsync(connectionString, "vacuum analyze", cancellationToken);
        }
    }

    private void HandOvers(string name, IEnumerable<double> handOvers)
    {
        var all = handOvers.ToList();
        results.Add(Below($"{name}, hand-over p50", Milliseconds.Percentile(all, 0.5), "ms", 5));
        results.Add(Below($"{name}, hand-over p99", Milliseconds.Percentile(all, 0.99), "ms", 30));
    }

    private BenchResult Rate(string name, double perSecond) =>
        new(name, perSecond, "tasks/s", "pgbench, eight clients", eight, perSecond / eight, $"at least {SustainedGoal:#,0} tasks/s", perSecond >= SustainedGoal);

    private static double PeakMegabytes() => Process.GetCurrentProcess().PeakWorkingSet64 / 1048576.0;

    private static BenchResult Below(string name, double value, string unit, double limit) =>
        new(name, value, unit, null, null, null, $"less than {limit:0.##} {unit}", value < limit);

    private static async Task ExecuteAsync(string connectionString, string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
