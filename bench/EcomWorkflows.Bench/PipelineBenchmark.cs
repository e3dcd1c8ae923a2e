using System.Diagnostics;

namespace EcomWorkflows.Bench;

/// <summary>
/// The steps of <c>events_pipeline.py</c> as a DAG run on the synthetic RetailRocket-shaped log (2.2 M rows), each time in a new program, beside that pandas script on the same file;
/// and the whole of <c>churn-daily</c>, which does more: dataset versions, a second learner, outcomes, drift, retention.
/// </summary>
internal sealed class PipelineBenchmark(string repository)
{
    private const double Gigabyte = 1024;
    private const string Script = "events_pipeline.py";

    public async Task<IReadOnlyList<BenchResult>> RunAsync(CancellationToken cancellationToken)
    {
        var events = BaselineRun.FindEvents(repository);
        var temporary = Directory.CreateTempSubdirectory("ecom-bench-");
        // The account that runs the database has to reach it.
        temporary.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        var folder = temporary.FullName;
        try
        {
            var csv = Path.Combine(folder, "events.csv");
            await BaselineRun.UnpackAsync(events, csv, cancellationToken);
            var baseline = await BaselineRun.RunAsync(repository, csv, Path.Combine(folder, "baseline"), cancellationToken);
            var (steps, stepsRun) = await DemoAsync(Path.Combine(folder, "steps"), ScriptSteps.Write(repository, Path.Combine(folder, "steps")), csv, cancellationToken);
            var (whole, wholeRun) = await DemoAsync(Path.Combine(folder, "whole"), repository, csv, cancellationToken);
            return [.. Results(baseline, steps, stepsRun), .. WholeResults(baseline, whole, wholeRun)];
        }
        finally
        {
            temporary.Delete(recursive: true);
        }
    }

    private static List<BenchResult> Results(BaselineRun baseline, MeasuredProcess ours, PipelineRun run)
    {
        var outside = run.Seconds - run.BoostingSeconds;
        var baselineOutside = baseline.Seconds - baseline.Wall("5_train_xgboost", "7_score_all");
        return
        [
            new BenchResult("DAG run of the script's steps", run.Seconds, "s", Script, baseline.Seconds, run.Seconds / baseline.Seconds, "at most 0.5", run.Seconds <= baseline.Seconds / 2),
            new BenchResult("of it outside XGBoost", outside, "s", Script, baseline.Seconds, outside / baseline.Seconds, "at most 0.25", outside <= baseline.Seconds / 4),
            new BenchResult("of it outside XGBoost, the script's likewise", outside, "s", $"{Script} outside XGBoost", baselineOutside, outside / baselineOutside, null, null),
            new BenchResult("of it no task ran: the orchestrator's share", 100 * run.OrchestratorShare, "%", null, null, null, "at most 2 %", run.OrchestratorShare <= 0.02),
            new BenchResult(
                "peak memory, node and its children", ours.PeakMegabytes, "MB", Script, baseline.Megabytes, ours.PeakMegabytes / baseline.Megabytes,
                "at most 1 GB", ours.PeakMegabytes <= Gigabyte),
            .. run.Tasks.Select(task => new BenchResult($"of it {task.TaskId}", task.Seconds, "s", null, null, null, null, null)),
        ];
    }

    private static List<BenchResult> WholeResults(BaselineRun baseline, MeasuredProcess ours, PipelineRun run) =>
    [
        new BenchResult("DAG run of all of churn-daily", run.Seconds, "s", Script, baseline.Seconds, run.Seconds / baseline.Seconds, "less than 1", run.Seconds < baseline.Seconds),
        new BenchResult("of it no task ran: the orchestrator's share", 100 * run.OrchestratorShare, "%", null, null, null, "at most 2 %", run.OrchestratorShare <= 0.02),
        new BenchResult("program, start to exit", ours.Elapsed.TotalSeconds, "s", Script, baseline.Seconds, ours.Elapsed.TotalSeconds / baseline.Seconds, null, null),
        new BenchResult(
            "peak memory, node and its children", ours.PeakMegabytes, "MB", Script, baseline.Megabytes, ours.PeakMegabytes / baseline.Megabytes,
            "at most 1 GB", ours.PeakMegabytes <= Gigabyte),
    ];

    private async Task<(MeasuredProcess Demo, PipelineRun Run)> DemoAsync(string folder, string root, string csv, CancellationToken cancellationToken)
    {
        var home = Path.Combine(folder, "home");
        await Disk.SettleAsync(cancellationToken);
        var demo = await EcomAsync(home, root, ["demo", "--exit", "--source", "retailrocket", "--file", csv], cancellationToken);
        var shown = await EcomAsync(home, root, ["runs", "show", "latest", "--output", "json"], cancellationToken);
        return (demo, PipelineRun.Parse(shown.Output));
    }

    private async Task<MeasuredProcess> EcomAsync(string home, string root, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet") { ArgumentList = { Path.Combine(repository, "src", "EcomWorkflows.Server", "bin", "Release", "net10.0", "ecom.dll") } };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["ECOM_HOME"] = home;
        start.Environment["ECOM_ROOT"] = root;
        start.Environment["ECOM_URLS"] = "http://127.0.0.1:18099";
        start.Environment.Remove("ECOM_DATABASE");
        var measured = await MeasuredProcess.RunAsync(start, command => !command.Contains("postgres", StringComparison.Ordinal), cancellationToken);
        return measured.ExitCode == 0 ? measured : throw new InvalidOperationException($"ecom {string.Join(' ', arguments)} failed:\n{measured.Output}");
    }
}
