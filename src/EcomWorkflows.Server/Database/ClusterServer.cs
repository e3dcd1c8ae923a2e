using System.Net;
using System.Net.Sockets;

namespace EcomWorkflows.Server.Database;

/// <summary>Brings the server of a home's cluster up and down. The caller holds the gate.</summary>
internal sealed class ClusterServer(ClusterHome home, EmbeddedPostgresOptions options, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan LeftoversInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>Returns once the server takes connections, whoever started it. Only who is alone makes a new cluster: others would go on without what is in theirs.</summary>
    public async Task<(ClusterLayout Layout, ClusterArrival Arrival)> EnsureRunningAsync(bool otherUsers, CancellationToken cancellationToken)
    {
        var known = ClusterLayout.Load(home.LayoutPath);
        if (known is not null && await TryWaitForRunningAsync(known, cancellationToken))
            return (known, otherUsers ? ClusterArrival.Joined : ClusterArrival.Adopted);
        if (otherUsers)
        {
            var shared = known ?? throw new EmbeddedPostgresException(
                $"{home.LayoutPath}, which says where the private database is, is gone while programs are using it.", "Put it back, or stop them.");
            ClusterPresence.Require(shared, identifier: null);
            await RestartAsync(shared, cancellationToken);
            return (shared, ClusterArrival.Started);
        }

        var account = ServerAccount.Choose(known?.Account);
        var binaries = PostgresBinaries.Find(known?.Major);
        var layout = known ?? Plan(account);
        var arrival = layout.Exists ? ClusterArrival.Started : ClusterArrival.Created;
        if (arrival == ClusterArrival.Created)
            await CreateAsync(binaries, account, layout, cancellationToken);

        layout = await StartAsync(binaries, account, layout, mayMove: true, cancellationToken);
        return (layout, arrival);
    }

    /// <summary>Starts the stopped server of a cluster that programs are using, where they know it: at its port and socket.</summary>
    /// <returns>Whether it was down.</returns>
    public async Task<bool> RestartAsync(ClusterLayout layout, CancellationToken cancellationToken)
    {
        if (await TryWaitForRunningAsync(layout, cancellationToken))
            return false;

        await StartAsync(PostgresBinaries.Find(layout.Major), ServerAccount.Choose(layout.Account), layout, mayMove: false, cancellationToken);
        return true;
    }

    /// <summary>
    /// Ends a server that has lost its folder, or the file in it that names it: it still has the port, and would write beside the one that is to be started. It would
    /// end by itself within a minute where the folder was deleted, but live on in one that was moved.
    /// </summary>
    public async Task EndLostAsync(PostmasterFile lost, ClusterLayout layout, CancellationToken cancellationToken)
    {
        if (!lost.IsServerOf(layout.DataFolder) || PostmasterFile.Read(layout.DataFolder)?.ProcessId == lost.ProcessId)
            return;

        logger.LogInformation("Ending the database server (process {ProcessId}) that has lost its folder {Folder}.", lost.ProcessId, layout.DataFolder);
        Libc.Signal(lost.ProcessId, Libc.Quit);
        var asked = time.GetTimestamp();
        while (lost.IsServerOf(layout.DataFolder))
        {
            if (time.GetElapsedTime(asked) > options.StopTimeout)
                throw new EmbeddedPostgresException(
                    $"The database server (process {lost.ProcessId}) has lost its folder {layout.DataFolder} and has not ended after {options.StopTimeout}.",
                    $"End it with: kill -QUIT {lost.ProcessId}");

            await Task.Delay(PollInterval, time, cancellationToken);
        }
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
        if (Directory.Exists(layout.DataFolder))
            throw new EmbeddedPostgresException(
                $"The private database's data folder {layout.DataFolder} {ClusterPresence.FindLack(layout.DataFolder)}.",
                "Put its content back (mount the disk, restore the backup); to start anew, remove the folder or set ECOM_HOME to another one.");

        logger.LogInformation("Creating a PostgreSQL {Version} cluster in {Folder}.", binaries.Version, layout.Folder);
        layout.Save(home.LayoutPath);
        account.CreateFolder(layout.Folder);
        await ClusterCreation.RunAsync(binaries, account, layout, home.Password(), cancellationToken);
    }

    /// <param name="mayMove">Whether another port or socket may be chosen: not where running programs know the ones there are.</param>
    private async Task<ClusterLayout> StartAsync(
        PostgresBinaries binaries, ServerAccount account, ClusterLayout layout, bool mayMove, CancellationToken cancellationToken)
    {
        RemoveStaleLocks(layout);
        if (!Directory.Exists(layout.SocketFolder) && !mayMove)
            account.CreateFolder(layout.SocketFolder);
        else if (!Directory.Exists(layout.SocketFolder))
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
                case StartResult.PortTaken when !mayMove:
                    throw new EmbeddedPostgresException(
                        $"The database server had stopped, and its port {layout.Port}, by which running programs know it, was taken by another program meanwhile.",
                        $"End that one (ss -ltnp 'sport = :{layout.Port}' shows it), or stop all programs that use {home.Root} and start them again: they then choose another port.");
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
