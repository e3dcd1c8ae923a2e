using System.Diagnostics;
using EcomWorkflows.Orchestration.Execution;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>A command as the leader of its own session, and so of its own process group.</summary>
internal static class ShellProcess
{
    /// <summary>
    /// A watcher inside the group waits for the end of our pipe: when this program dies, even by SIGKILL, the pipe closes and the whole group is killed, after what
    /// has left it and carries the attempt's mark. The command takes the leader's place and sees neither pipe nor watcher.
    /// </summary>
    private const string Frame =
        """
        exec 3<&0 </dev/null
        (
          trap '' TERM
          cat <&3 >/dev/null
          read -r self rest </proc/self/stat
          for round in 1 2 3 4 5; do
            for file in $(grep -lsxzF "ECOM_ATTEMPT=$ECOM_ATTEMPT" /proc/[0-9]*/environ); do
              process=${file#/proc/}
              process=${process%/environ}
              [ "$process" = "$self" ] || kill -KILL "$process"
            done
          done
          kill -KILL -$$
        ) >/dev/null 2>&1 &
        exec 3<&-
        exec /bin/sh -c "$1"
        """;

    /// <param name="isWell">Whether an exit code is one to succeed with; only then may live on what left the session.</param>
    /// <returns>The exit code (128 + the signal's number where one ended it), and whether we stopped it.</returns>
    public static async Task<(int ExitCode, bool Stopped)> RunAsync(
        string command, string folder, IReadOnlyDictionary<string, string> environment, AttemptProcesses processes, ShellOutput output, Predicate<int> isWell,
        TimeSpan grace, TimeProvider time, CancellationToken cancellationToken)
    {
        using var process = Start(command, folder, environment, processes);
        using var words = process.StandardOutput;
        using var errors = process.StandardError;
        using var enough = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        var reading = Task.WhenAll(output.ReadAsync(words, isError: false, enough.Token), output.ReadAsync(errors, isError: true, enough.Token));
        var exited = process.WaitForExitAsync(CancellationToken.None);
        var stopped = false;
        try
        {
            await exited.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            stopped = true;
            processes.Terminate(process.Id);
            await exited.WaitAsync(grace, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        // Whatever the command left behind in its group goes with it, as does the watcher.
        ProcessTable.SignalGroup(process.Id, ProcessTable.SigKill);
        await exited;
        // The next try must not find the work of this one still going on.
        if (stopped || !isWell(process.ExitCode))
            await processes.KillAsync(process.Id, grace / 4);
        // A process that lives on may hold the output for ever: what was written before the end is there by now.
        enough.CancelAfter(grace / 2);
        await reading;
        return (process.ExitCode, stopped);
    }

    private static Process Start(string command, string folder, IReadOnlyDictionary<string, string> environment, AttemptProcesses processes)
    {
        var start = new ProcessStartInfo("setsid")
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in new[] { "/bin/sh", "-c", Frame, "ecom-task", command })
            start.ArgumentList.Add(argument);
        start.Environment.Clear();
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        processes.Mark(start);
        return Process.Start(start) ?? throw new InvalidOperationException("setsid did not start.");
    }
}
