using System.Diagnostics;
using System.Text.Json;

namespace EcomWorkflows.Bench.Training;

/// <summary>Calls <c>twins.py</c>, the Python side of the comparison.</summary>
internal sealed class Twins(string repository)
{
    public async Task<JsonElement> RunAsync(CancellationToken cancellationToken, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("/usr/bin/python3") { ArgumentList = { Path.Combine(repository, "bench", "EcomWorkflows.Bench", "Training", "twins.py") } };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        var measured = await MeasuredProcess.RunAsync(start, _ => true, cancellationToken);
        if (measured.ExitCode != 0)
            throw new InvalidOperationException($"twins.py failed (it needs python3-sklearn and python3-xgboost):\n{measured.Output}");
        return JsonDocument.Parse(measured.Output.Split('\n').First(line => line.StartsWith('{'))).RootElement.Clone();
    }
}
