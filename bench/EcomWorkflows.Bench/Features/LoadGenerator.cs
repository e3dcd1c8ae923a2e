using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace EcomWorkflows.Bench.Features;

/// <summary>Runs <c>wrk</c> against an address and reads what it prints.</summary>
internal static partial class LoadGenerator
{
    /// <param name="script">Lua that makes the requests; null for plain GETs.</param>
    /// <exception cref="InvalidOperationException">wrk is not installed, failed, or answers were errors.</exception>
    public static async Task<LoadResult> RunAsync(string address, string? script, int connections, TimeSpan duration, string folder, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("wrk") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["-t1", $"-c{connections}", $"-d{(int)duration.TotalSeconds}s", "--latency"])
            start.ArgumentList.Add(argument);
        if (script is not null)
        {
            var file = Path.Combine(folder, $"request-{Guid.NewGuid():N}.lua");
            await File.WriteAllTextAsync(file, script, cancellationToken);
            start.ArgumentList.Add("-s");
            start.ArgumentList.Add(file);
        }
        start.ArgumentList.Add(address);
        using var process = Start(start);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
        await process.WaitForExitAsync(cancellationToken);
        var text = await output;
        if (process.ExitCode != 0 || text.Contains("Non-2xx", StringComparison.Ordinal))
            throw new InvalidOperationException($"wrk failed on {address}:\n{text}\n{await errors}");
        return new LoadResult(double.Parse(Rate().Match(text).Groups[1].ValueSpan, CultureInfo.InvariantCulture), Milliseconds(Median().Match(text)), Milliseconds(Tail().Match(text)));
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new InvalidOperationException("The load generator wrk is not installed: apt-get install wrk");
        }
    }

    private static double Milliseconds(Match match) => double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) * match.Groups[2].Value switch
    {
        "us" => 0.001,
        "ms" => 1,
        "s" => 1000,
        _ => 60_000,
    };

    [GeneratedRegex(@"Requests/sec:\s+([0-9.]+)")]
    private static partial Regex Rate();

    [GeneratedRegex(@"50%\s+([0-9.]+)(us|ms|s|m)")]
    private static partial Regex Median();

    [GeneratedRegex(@"99%\s+([0-9.]+)(us|ms|s|m)")]
    private static partial Regex Tail();
}
