using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace EcomWorkflows.Bench;

/// <summary>
/// <c>churn-daily</c> on the synthetic RetailRocket-shaped log (2.2 M rows), the whole program from start to exit, beside the pandas script of the baseline on the
/// same file. Ours does more (landing, quality report, lake, feature store, dataset versions, a second learner); the times are those of all of it.
/// </summary>
internal sealed partial class PipelineBenchmark(string repository)
{
    private const string EventsFile = "synthetic-rr-shaped-events-part1.csv.gz";

    public async Task<IReadOnlyList<BenchResult>> RunAsync(CancellationToken cancellationToken)
    {
        var shared = Path.GetFullPath(Path.Combine(repository, "..", "shared"));
        var events = Path.Combine(shared, "data", EventsFile);
        var script = Path.Combine(shared, "baseline", "events_pipeline.py");
        if (!File.Exists(events) || !File.Exists(script))
            throw new FileNotFoundException($"The benchmark needs {events} and {script}, which are not part of the repository.");
        var folder = Directory.CreateTempSubdirectory("ecom-bench-").FullName;
        try
        {
            var baseline = await BaselineAsync(script, events, folder, cancellationToken);
            var ours = await OursAsync(events, folder, cancellationToken);
            var run = TimeSpan.FromSeconds(RunSeconds(ours.Output));
            return
            [
                new BenchResult("DAG run", run.TotalSeconds, "s", "events_pipeline.py", baseline.Seconds, run.TotalSeconds / baseline.Seconds, "less than the baseline", run.TotalSeconds < baseline.Seconds),
                new BenchResult("program, start to exit", ours.Elapsed.TotalSeconds, "s", "events_pipeline.py", baseline.Seconds, ours.Elapsed.TotalSeconds / baseline.Seconds, null, null),
                new BenchResult("peak memory, node and its children", ours.PeakMegabytes, "MB", "events_pipeline.py", baseline.Megabytes, ours.PeakMegabytes / baseline.Megabytes, "less than 1,500 MB", ours.PeakMegabytes < 1500),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(double Seconds, double Megabytes)> BaselineAsync(string script, string events, string folder, CancellationToken cancellationToken)
    {
        // The script reads plain CSV; unpacking is not counted against it.
        var csv = Path.Combine(folder, "events.csv");
        await using (var packed = new GZipStream(File.OpenRead(events), CompressionMode.Decompress))
        await using (var plain = File.Create(csv))
            await packed.CopyToAsync(plain, cancellationToken);
        var python = new ProcessStartInfo("/usr/bin/python3") { ArgumentList = { script, csv, Path.Combine(folder, "baseline") } };
        var measured = await MeasuredProcess.RunAsync(python, _ => true, cancellationToken);
        if (measured.ExitCode != 0)
            throw new InvalidOperationException($"The baseline failed (it needs python3-pandas, python3-sklearn, python3-xgboost):\n{measured.Output}");
        // Its result is one line of JSON; warnings of its libraries may follow.
        var printed = JsonDocument.Parse(measured.Output.Split('\n').First(line => line.StartsWith('{'))).RootElement;
        return (printed.GetProperty("total_wall_s").GetDouble(), printed.GetProperty("peak_rss_mb").GetDouble());
    }

    private async Task<MeasuredProcess> OursAsync(string events, string folder, CancellationToken cancellationToken)
    {
        var program = Path.Combine(repository, "src", "EcomWorkflows.Server", "bin", "Release", "net10.0", "ecom.dll");
        var start = new ProcessStartInfo("dotnet") { ArgumentList = { program, "demo", "--exit", "--source", "retailrocket", "--file", events } };
        start.Environment["ECOM_HOME"] = Path.Combine(folder, "home");
        start.Environment["ECOM_ROOT"] = repository;
        start.Environment["ECOM_URLS"] = "http://127.0.0.1:18099";
        start.Environment.Remove("ECOM_DATABASE");
        var measured = await MeasuredProcess.RunAsync(start, command => !command.Contains("postgres", StringComparison.Ordinal), cancellationToken);
        return measured.ExitCode == 0 ? measured : throw new InvalidOperationException($"churn-daily failed:\n{measured.Output}");
    }

    /// <summary>The DAG run's own time, as the summary's first line says it: "success after 1 min 57 s".</summary>
    private static double RunSeconds(string output)
    {
        var match = RunTime().Match(output);
        if (!match.Success)
            throw new InvalidOperationException($"The summary does not say how long the run took:\n{output}");
        var minutes = match.Groups[1].Success ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
        return (minutes * 60) + double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"success after (?:(\d+) min )?([\d.]+) s")]
    private static partial Regex RunTime();
}
