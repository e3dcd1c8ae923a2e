using System.Net;


namespace EcomWorkflows.Server.Api;

/// <summary>Refuses other machines, foreign host names and state changes that another site's page sends, and sets the security headers.</summary>
/// <remarks>
/// What matters is that a page of some other site cannot make the visitor's browser change anything here, in the visitor's session or, in demo mode, without one.
/// Browsers say where a request comes from (<c>Sec-Fetch-Site</c>, <c>Origin</c>) and pages cannot forge that; programs that send neither are let through.
/// </remarks>
internal sealed class RequestGuard(RequestDelegate next, WebOptions options)
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public async Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (options.IsOpen && context.Connection.RemoteIpAddress is { } remote && !IPAddress.IsLoopback(remote.IsIPv4MappedToIPv6 ? remote.MapToIPv4() : remote))
            await Problem.Forbidden("Demo mode has no sign-in, so this server answers programs and browsers on its own machine only. Serve without --demo, or use a tunnel, for example: ssh -L 8080:127.0.0.1:8080 <host>.").ExecuteAsync(context);
        else if (!options.AllowedHosts.Contains(context.Request.Host.Host, StringComparer.OrdinalIgnoreCase))
            await Problem.BadRequest($"The host name '{context.Request.Host.Host}' is not served here. Allowed: {string.Join(", ", options.AllowedHosts)}; more names go into ECOM_HOSTS.").ExecuteAsync(context);
        else if (ComesFromElsewhere(context.Request))
            await Problem.Forbidden("This request was sent by a page of another site. Changes are accepted from our own pages and from programs only.").ExecuteAsync(context);
        else
            await next(context);
    }

    private static bool ComesFromElsewhere(HttpRequest request)
    {
        // A WebSocket opens with a GET and is then open in both directions: browsers let any page try.
        var opensSocket = request.Headers.Upgrade.Contains("websocket", StringComparer.OrdinalIgnoreCase);
        if (!opensSocket && (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method)))
            return false;
        if (request.Headers["Sec-Fetch-Site"] is [{ } site])
            return site is not ("same-origin" or "none");
        return request.Headers.Origin is [{ } origin] && !(Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Scheme == request.Scheme && from.Authority == request.Host.Value);
    }
}
