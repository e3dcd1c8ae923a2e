using System.Diagnostics;
using System.Globalization;

namespace EcomWorkflows.Bench;

/// <summary>Runs a program to its end and watches how much memory it and everything it starts hold.</summary>
internal sealed record MeasuredProcess(int ExitCode, string Output, TimeSpan Elapsed, double PeakMegabytes)
{
    /// <param name="counts">Which of the started processes count, by their command line; the private database's do not belong to the node.</param>
    public static async Task<MeasuredProcess> RunAsync(ProcessStartInfo start, Func<string, bool> counts, CancellationToken cancellationToken)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        var peak = 0L;
        var exited = process.WaitForExitAsync(cancellationToken);
        while (!exited.IsCompleted)
        {
            peak = Math.Max(peak, Tree(process.Id, counts).Sum(ResidentBytes));
            await Task.WhenAny(exited, Task.Delay(300, cancellationToken));
        }
        await exited;
        return new MeasuredProcess(process.ExitCode, await output + await errors, watch.Elapsed, peak / 1048576.0);
    }

    private static List<int> Tree(int root, Func<string, bool> counts)
    {
        var parents = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), out var id) ? id : 0)
            .Where(id => id > 0)
            .Select(id => (Id: id, Parent: Parent(id)))
            .ToLookup(p => p.Parent, p => p.Id);
        var tree = new List<int> { root };
        for (var i = 0; i < tree.Count; i++)
            tree.AddRange(parents[tree[i]].Where(id => counts(CommandLine(id))));
        return tree;
    }

    private static int Parent(int id)
    {
        var stat = Read($"/proc/{id}/stat");
        return stat.Length == 0 ? 0 : int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
    }

    private static string CommandLine(int id) => Read($"/proc/{id}/cmdline").Replace('\0', ' ');

    private static long ResidentBytes(int id)
    {
        var statm = Read($"/proc/{id}/statm");
        return statm.Length == 0 ? 0 : long.Parse(statm.Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
    }

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return ""; // It has ended meanwhile.
        }
    }
}
