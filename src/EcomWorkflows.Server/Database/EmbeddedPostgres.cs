using Npgsql;

namespace EcomWorkflows.Server.Database;

/// <summary>
/// This program's share in the private PostgreSQL cluster of one home: the first program starts the server, the others join it, and the last
/// one out stops it. A server left behind by a killed program is taken over.
/// </summary>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    private const string DatabaseName = "ecom";

    private readonly ClusterHome home;
    private readonly ClusterServer server;
    private readonly ClusterLayout layout;
    private readonly ulong identifier;
    private readonly TimeProvider time;
    private FileLock share;
    private PostmasterFile? lastSeen;
    private bool disposed;

    private EmbeddedPostgres(ClusterHome home, ClusterServer server, ClusterLayout layout, ClusterArrival arrival, FileLock share, TimeProvider time)
    {
        this.home = home;
        this.server = server;
        this.layout = layout;
        this.share = share;
        this.time = time;
        identifier = layout.Identifier;
        lastSeen = PostmasterFile.Read(layout.DataFolder);
        Arrival = arrival;
        ConnectionString = home.ConnectionString(layout, DatabaseName);
        Notices = ClusterSite.Announce(home.Root, layout);
    }

    /// <summary>For Npgsql, over the unix socket, with the password in it.</summary>
    public string ConnectionString { get; }

    public ClusterArrival Arrival { get; }

    public bool Adopted => Arrival == ClusterArrival.Adopted;

    /// <summary>What the user should be told, one sentence each.</summary>
    public IReadOnlyList<string> Notices { get; }

    public string DataDirectory => layout.DataFolder;

    public string SocketDirectory => layout.SocketFolder;

    /// <summary>The port of the server on loopback, which is also in the name of its socket.</summary>
    public int Port => layout.Port;

    /// <summary>The process id of the server; null where it is not running.</summary>
    public int? ServerProcessId => PostmasterFile.Read(layout.DataFolder)?.ProcessId;

    /// <exception cref="EmbeddedPostgresException">The environment does not allow it; the message says why and what to do.</exception>
    public static async Task<EmbeddedPostgres> StartOrJoinAsync(
        EmbeddedPostgresOptions options,
        TimeProvider time,
        ILogger logger,
        CancellationToken cancellationToken)
    {
        var home = ClusterHome.Open(options.Home);
        var server = new ClusterServer(home, options, time, logger);
        using var gate = await home.TakeGateAsync(time, cancellationToken);

        var (share, otherUsers) = home.Enter();
        try
        {
            var (layout, arrival) = await server.EnsureRunningAsync(otherUsers, cancellationToken);
            await EnsureDatabaseAsync(home.ConnectionString(layout, "postgres"), cancellationToken);
            return new EmbeddedPostgres(home, server, layout, arrival, share, time);
        }
        catch
        {
            await LeaveAsync(home, server, share);
            throw;
        }
    }

    /// <summary>Starts the server again where it has stopped by itself, as it does when its disk is full. A cluster that has vanished is not replaced.</summary>
    /// <returns>Whether it was down.</returns>
    /// <exception cref="EmbeddedPostgresException">It cannot be started now, or its folder is not there; the message says why and what to do.</exception>
    public async Task<bool> ReviveAsync(CancellationToken cancellationToken)
    {
        ClusterPresence.Require(layout, identifier);
        if (PostmasterFile.Read(layout.DataFolder) is { } running && running.IsServerOf(layout.DataFolder))
        {
            lastSeen = running;
            return false;
        }

        using var gate = await home.TakeGateAsync(time, cancellationToken);
        // A home that was away may have come back with other files: the share is taken anew, on the one that is there.
        share.Dispose();
        share = home.Enter().Share;
        if (lastSeen is { } lost)
            await server.EndLostAsync(lost, layout, cancellationToken);
        var wasDown = await server.RestartAsync(layout, cancellationToken);
        lastSeen = PostmasterFile.Read(layout.DataFolder);
        return wasDown;
    }

    /// <summary>Leaves the cluster; the last one out stops its server.</summary>
    public async ValueTask DisposeAsync()
    {
        if (disposed)
            return;

        disposed = true;
        if (Directory.Exists(home.Root))
        {
            using var gate = await home.TakeGateAsync(time, CancellationToken.None);
            if (!await LeaveAsync(home, server, share))
                return;
        }

        share.Dispose();
        if (lastSeen is { } lost)
            await server.EndLostAsync(lost, layout, CancellationToken.None);
    }

    /// <returns>Whether it was the last one.</returns>
    private static async Task<bool> LeaveAsync(ClusterHome home, ClusterServer server, FileLock share)
    {
        var isLast = home.Leave(share);
        if (isLast && ClusterLayout.Load(home.LayoutPath) is { } layout)
            await server.StopAsync(layout);
        return isLast;
    }

    private static async Task EnsureDatabaseAsync(string serverConnection, CancellationToken cancellationToken)
    {
        var unpooled = new NpgsqlConnectionStringBuilder(serverConnection) { Pooling = false };
        await using var connection = new NpgsqlConnection(unpooled.ConnectionString);
        await connection.OpenAsync(cancellationToken);

        await using var find = new NpgsqlCommand("select 1 from pg_database where datname = @name", connection);
        find.Parameters.AddWithValue("name", DatabaseName);
        if (await find.ExecuteScalarAsync(cancellationToken) is not null)
            return;

        await using var create = new NpgsqlCommand($"create database {DatabaseName}", connection);
        await create.ExecuteNonQueryAsync(cancellationToken);
    }
}
