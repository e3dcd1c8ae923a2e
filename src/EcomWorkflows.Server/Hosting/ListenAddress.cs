using System.Net;
using System.Net.Sockets;
using EcomWorkflows.Server.Cli;

namespace EcomWorkflows.Server.Hosting;

/// <summary>What ECOM_URLS may say, and what follows from it.</summary>
internal static class ListenAddress
{
    private static readonly string[] AnyHost = ["*", "+", "0.0.0.0", "[::]"];

    /// <exception cref="CliException">An address is malformed, or not on loopback in demo mode.</exception>
    public static void Check(string urls, ServerMode mode)
    {
        foreach (var url in Split(urls))
        {
            if (!TryParse(url, out var address))
                throw new CliException(ExitCode.Usage, $"ECOM_URLS: '{url}' is not an address such as http://127.0.0.1:8080 (scheme http, a host or *, a port).");
            if (mode.IsDemo && !address.IsLoopback)
                throw new CliException(
                    ExitCode.Usage,
                    $"ECOM_URLS: demo mode has no sign-in, so it listens on this machine only; '{url}' is open to others. Use http://127.0.0.1:{address.Port}, or serve without --demo.");
        }
    }

    /// <summary>Told before anything is begun: a node that runs while its server cannot start would take work and lose it.</summary>
    /// <exception cref="CliException">Another program listens there.</exception>
    public static void RequireFree(string urls)
    {
        if (Split(urls).Any(url => TryParse(url, out var address) && EndPointOf(address) is { } place && !IsFree(place)))
            throw Taken(urls);
    }

    public static CliException Taken(string urls) =>
        new(ExitCode.Environment, $"{urls} is taken by another program. Listen elsewhere, for example: ECOM_URLS=http://127.0.0.1:8081 ./ecom serve");

    /// <summary>The first address, as a browser on this machine would write it.</summary>
    public static string ForBrowser(string urls)
    {
        var first = Split(urls).First();
        return AnyHost.Aggregate(first, (url, any) => url.Replace($"//{any}:", "//127.0.0.1:", StringComparison.Ordinal)).TrimEnd('/');
    }

    /// <summary>The addresses themselves, or where the only one is taken, one with a free port on the same host.</summary>
    public static string OrFreePort(string urls)
    {
        if (!TryParse(urls, out var address) || !address.IsLoopback || IsFree(new IPEndPoint(IPAddress.Loopback, address.Port)))
            return urls;

        return new UriBuilder(address) { Port = FreePort() }.Uri.GetLeftPart(UriPartial.Authority);
    }

    /// <summary>The host names that are named, as they stand in a request's Host header; wildcards name none.</summary>
    public static IEnumerable<string> Hosts(string urls) =>
        Split(urls).Where(url => !AnyHost.Any(any => url.Contains($"//{any}:", StringComparison.Ordinal))).Select(url => TryParse(url, out var address) ? address.Host : "").Where(host => host.Length > 0).Distinct();

    private static string[] Split(string urls) => urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static bool TryParse(string url, out Uri address)
    {
        var readable = url.Replace("//*:", "//any.invalid:", StringComparison.Ordinal).Replace("//+:", "//any.invalid:", StringComparison.Ordinal);
        return Uri.TryCreate(readable, UriKind.Absolute, out address!) && address.Scheme == "http" && address.Port > 0;
    }

    /// <summary>Null for a host name that only the server itself can look up.</summary>
    private static IPEndPoint? EndPointOf(Uri address) => address switch
    {
        { Host: "any.invalid" } => new IPEndPoint(IPAddress.Any, address.Port),
        { IsLoopback: true, HostNameType: not UriHostNameType.IPv6 } => new IPEndPoint(IPAddress.Loopback, address.Port),
        _ => IPAddress.TryParse(address.DnsSafeHost, out var ip) ? new IPEndPoint(ip, address.Port) : null,
    };

    private static bool IsFree(IPEndPoint place)
    {
        using var probe = new Socket(place.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            probe.Bind(place);
            return true;
        }
        catch (SocketException refusal)
        {
            // What else may be wrong with an address the server says itself.
            return refusal.SocketErrorCode != SocketError.AddressAlreadyInUse;
        }
    }

    private static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
