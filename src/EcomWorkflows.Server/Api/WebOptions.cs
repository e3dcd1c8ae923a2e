namespace EcomWorkflows.Server.Api;

/// <summary>Settings of the web face.</summary>
internal sealed record WebOptions
{
    /// <summary>Host names requests may be addressed to, without port; anything else is refused, so that no foreign name can be pointed at us (DNS rebinding).</summary>
    /// <value>The default is loopback only.</value>
    public IReadOnlyList<string> AllowedHosts { get; init; } = Loopback;

    /// <summary>Demo mode: no sign-in, so only this machine is answered.</summary>
    public bool IsOpen { get; init; }

    public static IReadOnlyList<string> Loopback { get; } = ["localhost", "127.0.0.1", "[::1]"];
}
