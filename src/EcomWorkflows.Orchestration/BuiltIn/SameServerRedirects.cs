using System.Net;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>
/// Follows redirects on the same server, with all headers; one to another server is the answer. Headers and address may hold what only the first server may know,
/// and the framework's own redirects carry all but one of them on to wherever they lead.
/// </summary>
public sealed class SameServerRedirects : DelegatingHandler
{
    public const int Most = 5;

    public SameServerRedirects(SocketsHttpHandler connections)
        : base(connections) => connections.AllowAutoRedirect = false;

    /// <summary>Whether what is meant for one address may be sent to the other: same scheme, host and port.</summary>
    public static bool IsSameServer(Uri one, Uri other) => Uri.Compare(one, other, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;

    /// <summary>Where an answer leads to; null where it is no redirect.</summary>
    public static Uri? TargetOf(HttpResponseMessage response) =>
        (int)response.StatusCode is 301 or 302 or 303 or 307 or 308 && response.Headers.Location is { } location ? new Uri(response.RequestMessage!.RequestUri!, location) : null;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        for (var followed = 0; ; followed++)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (followed == Most || TargetOf(response) is not { } target || !IsSameServer(request.RequestUri!, target))
                return response;
            // As browsers do, and RFC 9110 (15.4) allows: what was posted is not posted again, unless the answer says so.
            if (response.StatusCode == HttpStatusCode.SeeOther || (request.Method == HttpMethod.Post && (int)response.StatusCode is 301 or 302))
            {
                request.Method = request.Method == HttpMethod.Head ? HttpMethod.Head : HttpMethod.Get;
                request.Content = null;
            }
            request.RequestUri = target;
            response.Dispose();
        }
    }
}
