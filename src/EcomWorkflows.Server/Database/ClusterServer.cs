using System.Net;
using System.Net.Sockets;

namespace EcomWorkflows.Server.Database;

/// <summary>Brings the server of a home's cluster up and down. The caller holds the gate.</summary>
internal sealed class ClusterServer(ClusterHome home, EmbeddedPostgresOptions options, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan LeftoversInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>Returns once the server takes connections, whoever started it.</summary>
    public async Task<(ClusterLayout Layout, ClusterArrival Arrival)> EnsureRunningAsync(bool otherUsers, CancellationToken cancellationToken)
    {
        var known = ClusterLayout.Load(home.LayoutPath);
        if (known is not null && await TryWaitForRunningAsync(known, cancellationToken))
            return (known, otherUsers ? ClusterArrival.Joined : ClusterArrival.Adopted);

        var account = ServerAccount.Choose(known?.Account);
        var binaries = PostgresBinaries.Find(known?.Major);
        var layout = known ?? Plan(account);
        var arrival = layout.Exists ? ClusterArrival.Started : ClusterArrival.Created;
        if (arrival == ClusterArrival.Created)
            await CreateAsync(binaries, account, layout, cancellationToken);

        layout = await StartAsync(binaries, account, layout, cancellationToken);
        return (layout, arrival);
    }

    /// <summary>Stops the server in its fast mode: open transactions are rolled back, nothing committed is lost.</summary>
    public async Task StopAsync(ClusterLayout layout)
    {
        if (PostmasterFile.Read(layout.DataFolder) is not { } running || !Libc.Signal(running.ProcessId, Libc.Interrupt))
            return;

        var asked = time.GetTimestamp();
        while (PostmasterFile.Read(layout.DataFolder)?.ProcessId == running.ProcessId && running.IsServerOf(layout.DataFolder))
        {
            if (time.GetElapsedTime(asked) > options.StopTimeout)
            {
                logger.LogWarning("The database server (process {ProcessId}) has not stopped after {Timeout}; it will finish by itself.", running.ProcessId, options.StopTimeout);
                return;
            }

            await Task.Delay(PollInterval, time);
        }
    }

    private ClusterLayout Plan(ServerAccount account)
    {
        var folder = ClusterSite.ChooseFolder(home.Root, account);
        return new ClusterLayout(folder, ClusterSite.ChooseSocketFolder(folder, account), FreePort(), account.Name);
    }

    private async Task CreateAsync(PostgresBinaries binaries, ServerAccount account, ClusterLayout layout, CancellationToken cancellationToken)
    {
        logger.LogInformation("Creating a PostgreSQL {Version} cluster in {Folder}.", binaries.Version, layout.Folder);
        layout.Save(home.LayoutPath);
        account.CreateFolder(layout.Folder);
        await ClusterCreation.RunAsync(binaries, account, layout, home.Password(), cancellationToken);
    }

    private async Task<ClusterLayout> StartAsync(PostgresBinaries binaries, ServerAccount account, ClusterLayout layout, CancellationToken cancellationToken)
    {
        RemoveStaleLocks(layout);
        if (!Directory.Exists(layout.SocketFolder))
            layout = Change(layout with { SocketFolder = ClusterSite.ChooseSocketFolder(layout.Folder, account) });

        var settings = ServerSettings.ForThisMachine();
        foreach (var (name, value) in options.Settings)
            settings[name] = value;

        var start = new ServerStart(binaries, account, time);
        var began = time.GetTimestamp();
        while (true)
        {
            var outcome = await start.RunAsync(layout, settings, options.StartTimeout, cancellationToken);
            var mayRetry = time.GetElapsedTime(began) < options.StartTimeout;
            switch (outcome.Result)
            {
                case StartResult.Ready:
                    return layout;
                case StartResult.PortTaken when mayRetry:
                    logger.LogInformation("Port {Port} is taken by another program; choosing another.", layout.Port);
                    layout = Change(layout with { Port = FreePort() });
                    break;
                case StartResult.LeftoversAlive when mayRetry:
                    await Task.Delay(LeftoversInterval, time, cancellationToken);
                    break;
                default:
                    throw ServerFailure.Describe("Starting the database server", layout.Folder, outcome.Output);
            }
        }
    }

    /// <summary>Waits for a server that is running or starting; false where there is none.</summary>
    private async Task<bool> TryWaitForRunningAsync(ClusterLayout layout, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (PostmasterFile.Read(layout.DataFolder) is { } running && running.IsServerOf(layout.DataFolder))
        {
            if (running.IsReady)
                return true;
            if (time.GetElapsedTime(began) > options.StartTimeout)
                throw ServerFailure.Describe("Waiting for the database server", layout.Folder, $"process {running.ProcessId} is still '{running.Status}'");

            await Task.Delay(PollInterval, time, cancellationToken);
        }

        return false;
    }

    /// <summary>
    /// After a reboot or in a new container the recorded process number may be a stranger's, and a killed server may stay a zombie that nobody
    /// reaps: either would keep the server from starting.
    /// </summary>
    private void RemoveStaleLocks(ClusterLayout layout)
    {
        foreach (var path in new[] { PostmasterFile.PathIn(layout.DataFolder), layout.SocketLockPath })
        {
            if (PostmasterFile.ReadFrom(path) is not { } stale || !Directory.Exists($"/proc/{stale.ProcessId}") || stale.IsServerOf(layout.DataFolder))
                continue;

            logger.LogInformation("Removing {Path}: process {ProcessId} is not the database server.", path, stale.ProcessId);
            File.Delete(path);
        }
    }

    private ClusterLayout Change(ClusterLayout layout)
    {
        layout.Save(home.LayoutPath);
        return layout;
    }

    private static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
