using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace EcomWorkflows.Orchestration.Tests.Faults;

/// <summary>Stands between a node and PostgreSQL. It can lose replies to commits, or be a network that is cut, silent or slow.</summary>
internal sealed class UnreliableProxy : IAsyncDisposable
{
    private static readonly TimeSpan SlowBy = TimeSpan.FromMilliseconds(100);

    private static readonly byte[] Committed = Encoding.ASCII.GetBytes("COMMIT\0");

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly NpgsqlConnectionStringBuilder server;
    private readonly int? loses;
    private CancellationTokenSource cut;
    private volatile NetworkState network = NetworkState.Good;
    private int commits;
    private int dropped;
    private int refused;

    /// <param name="database">Where connections go on to.</param>
    /// <param name="loses">Of this many commits one goes through while its reply is lost with the connection; null for none.</param>
    public UnreliableProxy(string database, int? loses = null)
    {
        server = new NpgsqlConnectionStringBuilder(database);
        this.loses = loses;
        cut = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        listener.Start();
        _ = AcceptAsync();
    }

    public int Dropped => dropped;

    /// <summary>Connections that were asked for while it was cut.</summary>
    public int Refused => Volatile.Read(ref refused);

    public void Become(NetworkState state)
    {
        network = state;
        if (state == NetworkState.Cut)
        {
            cut.Cancel();
            cut = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        }
    }

    /// <summary>The database, reached through here.</summary>
    public string ConnectionString =>
        new NpgsqlConnectionStringBuilder(server.ConnectionString) { Host = "127.0.0.1", Port = ((IPEndPoint)listener.LocalEndpoint).Port, SslMode = SslMode.Disable }.ConnectionString;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        cut.Dispose();
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptSocketAsync(stop.Token);
                if (network == NetworkState.Cut)
                {
                    Interlocked.Increment(ref refused);
                    client.Dispose();
                }
                else
                {
                    _ = ServeAsync(client, cut.Token);
                }
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket client, CancellationToken until)
    {
        using var ownsClient = client;
        var isUnix = server.Host!.StartsWith('/');
        using var upstream = isUnix ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) : new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await upstream.ConnectAsync(isUnix ? new UnixDomainSocketEndPoint($"{server.Host}/.s.PGSQL.{server.Port}") : new DnsEndPoint(server.Host!, server.Port), until);
            await Task.WhenAny(PassAsync(client, upstream, drops: false, until), PassAsync(upstream, client, drops: true, until));
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // One side is gone; the other goes with it.
        }
    }

    private async Task PassAsync(Socket from, Socket to, bool drops, CancellationToken until)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, until) is > 0 and var count)
            {
                if (network == NetworkState.Slow)
                    await Task.Delay(SlowBy, until);
                while (network == NetworkState.Silent)
                    await Task.Delay(SlowBy, until);
                if (drops && loses is { } oneIn && buffer.AsSpan(0, count).IndexOf(Committed) >= 0 && Interlocked.Increment(ref commits) % oneIn == 0)
                {
                    Interlocked.Increment(ref dropped);
                    return;
                }
                for (var sent = 0; sent < count;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), until);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // As in ServeAsync.
        }
    }
}
