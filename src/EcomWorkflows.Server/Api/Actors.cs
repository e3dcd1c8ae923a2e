namespace EcomWorkflows.Server.Api;

/// <summary>Who makes a request, for the event log.</summary>
internal static class Actors
{
    /// <summary>The signed-in user; in demo mode, which has no accounts, the way the request came.</summary>
    public static string Of(HttpContext context, string way) => context.User.Identity is { IsAuthenticated: true, Name: { Length: > 0 } name } ? name : way;

    public const string Api = "api";
    public const string Web = "web";
}
