using System.Diagnostics;
using EcomWorkflows.Bench.Orchestrator;
using EcomWorkflows.Orchestration.Scheduling;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Pipeline;
using EcomWorkflows.Server.Database;
using Microsoft.Extensions.Logging.Abstractions;

namespace EcomWorkflows.Bench.Ingest;

/// <summary>
/// Parse, type, validate with report, deduplicate, and land in raw, bronze and silver: the first stages of <c>churn-daily</c> as a DAG run on one warm node, beside
/// what the pandas script takes to parse, validate and clean the same file.
/// </summary>
/// <param name="isShort">Whether to leave out the 30 million rows, which take most of the time and of the disk.</param>
internal sealed class IngestBenchmark(string repository, bool isShort = false)
{
    private const int WarmUpRows = 50_000;
    private const int FewRows = 300_000;
    private const int ManyRows = 30_000_000;
    private const int Products = 800_000;
    private const double Gigabyte = 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    public async Task<IReadOnlyList<BenchResult>> RunAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("ecom-bench-");
        folder.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        try
        {
            var log = Path.Combine(folder.FullName, "events.csv");
            await BaselineRun.UnpackAsync(BaselineRun.FindEvents(repository), log, cancellationToken);
            var home = Path.Combine(folder.FullName, "home");
            await using var postgres = await EmbeddedPostgres.StartOrJoinAsync(
                new EmbeddedPostgresOptions { Home = home }, TimeProvider.System, NullLogger.Instance, cancellationToken);
            var pipeline = new PipelineOptions
            {
                Home = home, WorkflowsFolder = CopyWorkflows(folder.FullName), DataVersionsFolder = Path.Combine(folder.FullName, "data-versions"),
            };
            var work = Path.Combine(home, "work");
            await using var node = await BenchNode.StartAsync(postgres.ConnectionString, work, cancellationToken, services => services.AddEcomPipeline(pipeline));
            return await MeasureAsync(node, work, log, Path.Combine(folder.FullName, "baseline"), cancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<IReadOnlyList<BenchResult>> MeasureAsync(BenchNode node, string work, string log, string baselineFolder, CancellationToken cancellationToken)
    {
        await EventsAsync(WarmUpRows);
        var few = await EventsAsync(FewRows);
        // One after the other in turn: a machine that gets slower meanwhile slows both.
        var (baselines, wholes) = (new List<BaselineRun>(), new List<IngestMeasure>());
        foreach (var source in EventsMapping.Sources)
        {
            baselines.Add(await BaselineRun.RunAsync(repository, log, baselineFolder, cancellationToken));
            wholes.Add(await MeasureAsync(node, work, source, "events", log, cancellationToken));
        }
        var derived = await MeasureAsync(node, work, "retailrocket", "events", log, cancellationToken);
        var catalogue = Path.Combine(Path.GetDirectoryName(log)!, "products.csv");
        await IngestFiles.WriteProductsAsync(catalogue, Products, seed: 1, cancellationToken);
        var products = await MeasureAsync(node, work, "bench-products", "products", catalogue, cancellationToken);
        var many = isShort ? null : await EventsAsync(ManyRows);
        return Results(baselines, wholes, few, derived, products, many);

        async Task<IngestMeasure> EventsAsync(int rows)
        {
            var file = Path.Combine(Path.GetDirectoryName(log)!, $"events-{rows}.csv");
            await IngestFiles.WriteEventsAsync(log, file, rows, cancellationToken);
            // With customers: they are what spills.
            var measure = await MeasureAsync(node, work, "retailrocket", "events", file, cancellationToken);
            File.Delete(file);
            return measure;
        }
    }

    private static List<BenchResult> Results(
        List<BaselineRun> baselines, List<IngestMeasure> wholes, IngestMeasure few, IngestMeasure derived, IngestMeasure products, IngestMeasure? many)
    {
        const string Script = "events_pipeline.py: parse, validate, clean";
        string[] steps = ["1_parse", "2_validate", "3_clean"];
        var baseline = baselines.OrderBy(run => run.Wall(steps)).ElementAt(baselines.Count / 2);
        var whole = wholes.OrderBy(run => run.Seconds).ElementAt(wholes.Count / 2);
        var (wall, cpu) = (baseline.Wall(steps), baseline.Cpu(steps));
        List<BenchResult> results =
        [
            new($"{whole.Rows:#,0} events to raw, bronze and silver, median of {wholes.Count} runs", whole.Seconds, "s", Script, wall, whole.Seconds / wall, "at most 0.25", whole.Seconds <= wall / 4),
            .. wholes.Zip(baselines, (run, script) => new BenchResult("one of the runs", run.Seconds, "s", Script, script.Wall(steps), run.Seconds / script.Wall(steps), null, null)),
            new("the same, processor time", whole.CpuSeconds, "s", Script, cpu, whole.CpuSeconds / cpu, null, null),
            new("with customers and products made of them", derived.Seconds, "s", Script, wall, derived.Seconds / wall, null, null),
            new("the same, processor time", derived.CpuSeconds, "s", Script, cpu, derived.CpuSeconds / cpu, null, null),
            new($"{products.Rows:#,0} products to raw, bronze and silver", products.Seconds, "s", null, null, null, null, null),
        ];
        foreach (var task in whole.Tasks)
        {
            results.Add(new BenchResult($"of it {task.TaskId}", task.Seconds, "s", null, null, null, null, null));
            results.Add(new BenchResult($"of it {task.TaskId}, processor time", task.CpuSeconds, "s", null, null, null, null, null));
        }
        foreach (var measure in (IngestMeasure[])(many is null ? [few, derived] : [few, derived, many]))
        {
            results.Add(new BenchResult(
                $"cost per row at {measure.Rows:#,0} rows, with customers and products", measure.MicrosecondsPerRow, "µs", $"{few.Rows:#,0} rows", few.MicrosecondsPerRow,
                measure.MicrosecondsPerRow / few.MicrosecondsPerRow, "less than 1.5", measure.MicrosecondsPerRow < 1.5 * few.MicrosecondsPerRow));
        }
        foreach (var (name, measure) in ((string, IngestMeasure?)[])[($"{whole.Rows:#,0} events", whole), ("products", products), ($"{ManyRows:#,0} events", many)])
        {
            if (measure is null)
                continue;
            results.Add(new BenchResult($"peak memory of the node, {name}", measure.PeakMegabytes, "MB", null, null, null, "at most 1 GB", measure.PeakMegabytes <= Gigabyte));
        }
        foreach (var task in many?.Tasks ?? [])
            results.Add(new BenchResult($"of it {task.TaskId}", task.PeakMegabytes, "MB", null, null, null, null, null));
        if (many is not null)
            results.Add(new BenchResult($"spilled to the disk at {many.Rows:#,0} rows", many.SpilledMegabytes, "MB", null, null, null, null, null));
        return results;
    }

    private static async Task<IngestMeasure> MeasureAsync(BenchNode node, string work, string source, string entity, string file, CancellationToken cancellationToken)
    {
        var dag = IngestDag.Make($"{source}-{Path.GetFileNameWithoutExtension(file)}", source, entity, file);
        await node.ImportAsync(dag, cancellationToken);
        await Disk.SettleAsync(cancellationToken);
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        await using var watch = new Watch(work);
        var run = await node.Get<ManualRuns>().TriggerAsync(dag.DagId, null, null, "bench", cancellationToken);
        await node.WaitAsync(run.RunId, cancellationToken, Patience);
        process.Refresh();
        var used = process.TotalProcessorTime - before;
        var done = await node.Get<RunReader>().GetAsync(run.RunId, cancellationToken);
        var tasks = (await node.Get<RunReader>().TaskInstancesAsync(run.RunId, cancellationToken))
            .Where(task => task.TaskId == $"ingest_{entity}" || !task.TaskId.StartsWith("ingest_", StringComparison.Ordinal))
            .Select(task => new TaskMeasure(
                task.TaskId, (task.EndedAt - task.StartedAt)!.Value.TotalSeconds, watch.CpuBetween(task.StartedAt!.Value, task.EndedAt!.Value),
                watch.MostResidentBetween(task.StartedAt!.Value, task.EndedAt!.Value) / 1048576.0));
        return new IngestMeasure(
            await CountAsync(file, cancellationToken), (done.EndedAt!.Value - done.QueuedAt).TotalSeconds, used.TotalSeconds,
            watch.MostResidentBytes / 1048576.0, watch.MostFolderBytes / 1048576.0, [.. tasks]);
    }

    private static async Task<long> CountAsync(string file, CancellationToken cancellationToken)
    {
        var rows = -1L;
        await foreach (var _ in File.ReadLinesAsync(file, cancellationToken))
            rows++;
        return rows;
    }

    /// <summary>The repository's mappings and suites with the benchmark's own beside them.</summary>
    private string CopyWorkflows(string folder)
    {
        var copy = WorkflowFiles.Copy(repository, folder);
        const string Products = "bench-products.json";
        File.Copy(Path.Combine(repository, "bench", "EcomWorkflows.Bench", "Ingest", Products), Path.Combine(copy, "sources", Products));
        EventsMapping.Write(Path.Combine(copy, "sources"));
        return copy;
    }
}
