using System.Diagnostics;
using System.Globalization;

namespace EcomWorkflows.Testing;

/// <summary>A node in a process of its own: EcomWorkflows.FaultWorker, which the test project refers to.</summary>
public sealed class WorkerProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly DirectoryInfo work = Directory.CreateTempSubdirectory("ecom-fault-");

    private WorkerProcess(string database, int? diesAt, bool diesAfter, string? home)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "EcomWorkflows.FaultWorker.dll")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["FAULT_DATABASE"] = database,
                ["FAULT_WORK"] = work.FullName,
                ["FAULT_DIES_AT"] = diesAt?.ToString(CultureInfo.InvariantCulture),
                ["FAULT_DIES_AFTER"] = diesAfter ? "true" : "false",
                ["FAULT_HOME"] = home,
            },
        };
        process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
    }

    /// <param name="database">The database the node works on; its schema is there.</param>
    /// <param name="diesAt">The database command at which the process kills itself; null for never.</param>
    /// <param name="diesAfter">Whether it does so after that command instead of before it.</param>
    /// <param name="home">A home of the pipeline, with its workflows; its tasks are known then.</param>
    public static WorkerProcess Start(string database, int? diesAt = null, bool diesAfter = false, string? home = null) => new(database, diesAt, diesAfter, home);

    /// <summary>Waits until the node is at work, or has killed itself on the way there.</summary>
    public async Task ReadyAsync()
    {
        string? line;
        do
            line = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(2));
        while (line is not null and not "ready");
    }

    public Task EndAsync(TimeSpan atMost) => process.WaitForExitAsync().WaitAsync(atMost);

    public void Kill()
    {
        if (!process.HasExited)
            process.Kill();
        process.WaitForExit();
    }

    public void Stop() => Signal("STOP");

    public void Continue() => Signal("CONT");

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        work.Delete(recursive: true);
    }

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }
}
