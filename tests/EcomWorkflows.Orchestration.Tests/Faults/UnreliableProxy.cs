using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace EcomWorkflows.Orchestration.Tests.Faults;

/// <summary>Stands between a node and PostgreSQL; now and then it lets a commit through and cuts the connection instead of passing on the reply.</summary>
internal sealed class UnreliableProxy : IAsyncDisposable
{
    private static readonly byte[] Committed = Encoding.ASCII.GetBytes("COMMIT\0");

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly NpgsqlConnectionStringBuilder server;
    private readonly int oneIn;
    private int commits;
    private int dropped;

    public UnreliableProxy(string database, int oneIn)
    {
        server = new NpgsqlConnectionStringBuilder(database);
        this.oneIn = oneIn;
        listener.Start();
        _ = AcceptAsync();
    }

    public int Dropped => dropped;

    /// <summary>The database, reached through here.</summary>
    public string ConnectionString =>
        new NpgsqlConnectionStringBuilder(server.ConnectionString) { Host = "127.0.0.1", Port = ((IPEndPoint)listener.LocalEndpoint).Port, SslMode = SslMode.Disable }.ConnectionString;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await listener.AcceptSocketAsync(stop.Token));
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var ownsClient = client;
        var isUnix = server.Host!.StartsWith('/');
        using var upstream = isUnix ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) : new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await upstream.ConnectAsync(isUnix ? new UnixDomainSocketEndPoint($"{server.Host}/.s.PGSQL.{server.Port}") : new DnsEndPoint(server.Host!, server.Port), stop.Token);
            await Task.WhenAny(PassAsync(client, upstream, drops: false), PassAsync(upstream, client, drops: true));
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // One side is gone; the other goes with it.
        }
    }

    private async Task PassAsync(Socket from, Socket to, bool drops)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, stop.Token) is > 0 and var count)
            {
                if (drops && buffer.AsSpan(0, count).IndexOf(Committed) >= 0 && Interlocked.Increment(ref commits) % oneIn == 0)
                {
                    Interlocked.Increment(ref dropped);
                    return;
                }
                for (var sent = 0; sent < count;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), stop.Token);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // As in ServeAsync.
        }
    }
}
