using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;

namespace EcomWorkflows.Bench;

/// <summary>One run of the pandas script <c>events_pipeline.py</c>, which stands for what a user would write instead.</summary>
/// <param name="Megabytes">Its peak resident memory.</param>
/// <param name="Steps">Wall and processor seconds by step, for example <c>1_parse</c>.</param>
internal sealed record BaselineRun(double Seconds, double Megabytes, IReadOnlyDictionary<string, (double Wall, double Cpu)> Steps)
{
    private const string EventsFile = "synthetic-rr-shaped-events-part1.csv.gz";

    /// <summary>Wall seconds of the steps together.</summary>
    public double Wall(params IEnumerable<string> steps) => steps.Sum(step => Steps[step].Wall);

    /// <summary>Processor seconds of the steps together.</summary>
    public double Cpu(params IEnumerable<string> steps) => steps.Sum(step => Steps[step].Cpu);

    /// <summary>The synthetic RetailRocket-shaped log, packed.</summary>
    /// <exception cref="FileNotFoundException">The shared data is not beside the repository.</exception>
    public static string FindEvents(string repository) => Find(repository, "data", EventsFile);

    /// <summary>Unpacks the log; the script reads plain CSV, and unpacking is not counted against it.</summary>
    public static async Task UnpackAsync(string packed, string csv, CancellationToken cancellationToken)
    {
        await using var stream = new GZipStream(File.OpenRead(packed), CompressionMode.Decompress);
        await using var plain = File.Create(csv);
        await stream.CopyToAsync(plain, cancellationToken);
    }

    public static async Task<BaselineRun> RunAsync(string repository, string csv, string outputFolder, CancellationToken cancellationToken)
    {
        var python = new ProcessStartInfo("/usr/bin/python3") { ArgumentList = { Find(repository, "baseline", "events_pipeline.py"), csv, outputFolder } };
        await Disk.SettleAsync(cancellationToken);
        var measured = await MeasuredProcess.RunAsync(python, _ => true, cancellationToken);
        if (measured.ExitCode != 0)
            throw new InvalidOperationException($"The baseline failed (it needs python3-pandas, python3-sklearn, python3-xgboost):\n{measured.Output}");
        // Its result is one line of JSON; warnings of its libraries may follow.
        var printed = JsonDocument.Parse(measured.Output.Split('\n').First(line => line.StartsWith('{'))).RootElement;
        return new BaselineRun(
            printed.GetProperty("total_wall_s").GetDouble(),
            printed.GetProperty("peak_rss_mb").GetDouble(),
            printed.GetProperty("steps").EnumerateObject().ToDictionary(
                step => step.Name, step => (step.Value.GetProperty("wall_s").GetDouble(), step.Value.GetProperty("cpu_s").GetDouble())));
    }

    private static string Find(string repository, string folder, string name)
    {
        var path = Path.GetFullPath(Path.Combine(repository, "..", "shared", folder, name));
        return File.Exists(path) ? path : throw new FileNotFoundException($"The benchmark needs {path}, which is not part of the repository.");
    }
}
