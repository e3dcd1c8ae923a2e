using System.Diagnostics;
using System.Text;

namespace EcomWorkflows.Server.Database;

/// <summary>Starts the server of a cluster, in a session of its own, and waits until it takes connections.</summary>
internal sealed class ServerStart(PostgresBinaries binaries, ServerAccount account, TimeProvider time)
{
    private const string OwnSession = "/usr/bin/setsid";

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Starts the server once; a failed start is a value, because some failures have a remedy.</summary>
    public async Task<StartOutcome> RunAsync(
        ClusterLayout layout,
        IReadOnlyDictionary<string, string> settings,
        TimeSpan timeout,
        CancellationToken cancellationToken)
    {
        using var process = new Process { StartInfo = Describe(layout, settings) };
        var output = new StringBuilder();
        process.OutputDataReceived += (_, line) => Append(output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(output, line.Data);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        var started = time.GetTimestamp();
        while (!process.HasExited)
        {
            if (PostmasterFile.Read(layout.DataFolder) is { IsReady: true } ready && ready.ProcessId == process.Id)
                return StartOutcome.Ready;
            if (time.GetElapsedTime(started) > timeout)
            {
                Libc.Signal(process.Id, Libc.Quit);
                return new StartOutcome(StartResult.TimedOut, $"not ready after {timeout.TotalSeconds:0} s. {Text(output)}{LogTail(layout)}");
            }

            await Task.Delay(PollInterval, time, cancellationToken);
        }

        await process.WaitForExitAsync(cancellationToken);
        return StartOutcome.Failed(Text(output) + LogTail(layout));
    }

    private ProcessStartInfo Describe(ClusterLayout layout, IReadOnlyDictionary<string, string> settings)
    {
        string[] server = [binaries.Postgres, "-D", layout.DataFolder];
        var start = new ProcessStartInfo
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
            Environment = { ["LC_ALL"] = "C.UTF-8" },
        };
        account.ApplyTo(start);

        // Ctrl+C goes to the whole foreground process group; in its own session the server lives on until the program has closed its work.
        if (File.Exists(OwnSession))
            server = [OwnSession, .. server];
        start.FileName = server[0];
        foreach (var argument in server.Skip(1))
            start.ArgumentList.Add(argument);

        Set(start, "port", layout.Port.ToString());
        Set(start, "listen_addresses", "127.0.0.1");
        Set(start, "unix_socket_directories", layout.SocketFolder);
        Set(start, "log_directory", layout.LogFolder);
        foreach (var (name, value) in settings)
            Set(start, name, value);

        return start;
    }

    private static void Set(ProcessStartInfo start, string name, string value)
    {
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"{name}={value}");
    }

    private static void Append(StringBuilder output, string? line)
    {
        lock (output)
            if (line is not null)
                output.AppendLine(line);
    }

    private static string Text(StringBuilder output)
    {
        lock (output)
            return output.ToString();
    }

    /// <summary>The end of the newest server log: after its first lines the server writes only there.</summary>
    private static string LogTail(ClusterLayout layout)
    {
        const int Lines = 12;
        if (!Directory.Exists(layout.LogFolder))
            return "";

        var newest = new DirectoryInfo(layout.LogFolder).GetFiles("*.log").MaxBy(file => file.LastWriteTimeUtc);
        return newest is null ? "" : string.Join('\n', File.ReadLines(newest.FullName).TakeLast(Lines));
    }
}
