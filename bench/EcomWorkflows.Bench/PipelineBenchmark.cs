using System.Diagnostics;

namespace EcomWorkflows.Bench;

/// <summary>
/// <c>churn-daily</c> on the synthetic RetailRocket-shaped log (2.2 M rows), the whole program from start to exit, beside the pandas script of the baseline on the
/// same file. Ours does more (landing, quality report, lake, feature store, dataset versions, more learners); the times are those of all of it.
/// </summary>
internal sealed class PipelineBenchmark(string repository)
{
    private const double Gigabyte = 1024;

    public async Task<IReadOnlyList<BenchResult>> RunAsync(CancellationToken cancellationToken)
    {
        var events = BaselineRun.FindEvents(repository);
        var folder = Directory.CreateTempSubdirectory("ecom-bench-").FullName;
        try
        {
            var csv = Path.Combine(folder, "events.csv");
            await BaselineRun.UnpackAsync(events, csv, cancellationToken);
            var baseline = await BaselineRun.RunAsync(repository, csv, Path.Combine(folder, "baseline"), cancellationToken);
            var ours = await EcomAsync(folder, ["demo", "--exit", "--source", "retailrocket", "--file", events], cancellationToken);
            var run = PipelineRun.Parse((await EcomAsync(folder, ["runs", "show", "latest", "--output", "json"], cancellationToken)).Output);
            return Results(baseline, ours, run);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static List<BenchResult> Results(BaselineRun baseline, MeasuredProcess ours, PipelineRun run)
    {
        const string Script = "events_pipeline.py";
        var outside = run.Seconds - run.BoostingSeconds;
        var baselineOutside = baseline.Seconds - baseline.Wall("5_train_xgboost", "7_score_all");
        return
        [
            new BenchResult("DAG run", run.Seconds, "s", Script, baseline.Seconds, run.Seconds / baseline.Seconds, "at most 0.5", run.Seconds <= baseline.Seconds / 2),
            new BenchResult("of it outside XGBoost", outside, "s", Script, baseline.Seconds, outside / baseline.Seconds, "at most 0.25", outside <= baseline.Seconds / 4),
            new BenchResult("of it outside XGBoost, the baseline's likewise", outside, "s", $"{Script} outside XGBoost", baselineOutside, outside / baselineOutside, null, null),
            new BenchResult("of it no task ran: the orchestrator's share", 100 * run.OrchestratorShare, "%", null, null, null, "at most 2 %", run.OrchestratorShare <= 0.02),
            new BenchResult("program, start to exit", ours.Elapsed.TotalSeconds, "s", Script, baseline.Seconds, ours.Elapsed.TotalSeconds / baseline.Seconds, null, null),
            new BenchResult(
                "peak memory, node and its children", ours.PeakMegabytes, "MB", Script, baseline.Megabytes, ours.PeakMegabytes / baseline.Megabytes,
                "at most 1 GB", ours.PeakMegabytes <= Gigabyte),
        ];
    }

    private async Task<MeasuredProcess> EcomAsync(string folder, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet") { ArgumentList = { Path.Combine(repository, "src", "EcomWorkflows.Server", "bin", "Release", "net10.0", "ecom.dll") } };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["ECOM_HOME"] = Path.Combine(folder, "home");
        start.Environment["ECOM_ROOT"] = repository;
        start.Environment["ECOM_URLS"] = "http://127.0.0.1:18099";
        start.Environment.Remove("ECOM_DATABASE");
        var measured = await MeasuredProcess.RunAsync(start, command => !command.Contains("postgres", StringComparison.Ordinal), cancellationToken);
        return measured.ExitCode == 0 ? measured : throw new InvalidOperationException($"ecom {string.Join(' ', arguments)} failed:\n{measured.Output}");
    }
}
