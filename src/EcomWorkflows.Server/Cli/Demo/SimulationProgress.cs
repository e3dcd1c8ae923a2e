using Spectre.Console;

namespace EcomWorkflows.Server.Cli.Demo;

/// <summary>Shows, on a terminal, how far the simulated shop is; in a pipe nothing.</summary>
internal static class SimulationProgress
{
    public static Task RunAsync(Func<IProgress<double>?, Task> work)
    {
        if (Console.IsOutputRedirected)
            return work(null);

        return AnsiConsole.Progress().AutoClear(true).StartAsync(async display =>
        {
            var bar = display.AddTask("Simulating a shop", maxValue: 1);
            await work(new Bar(bar));
        });
    }

    /// <summary>Reports on the caller's thread: the simulation is faster than a thread pool queue of reports.</summary>
    private sealed class Bar(ProgressTask task) : IProgress<double>
    {
        public void Report(double value) => task.Value = value;
    }
}
