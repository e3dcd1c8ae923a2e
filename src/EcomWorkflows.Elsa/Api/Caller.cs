using Microsoft.AspNetCore.Http;

namespace EcomWorkflows.Elsa.Api;

/// <summary>Who sends a request, for the event log, and from which window.</summary>
internal static class Caller
{
    private const string WindowHeader = "X-Studio-Window";
    private const int LongestWindow = 64;

    public static string Actor(HttpContext context) => context.User.Identity is { IsAuthenticated: true, Name: { Length: > 0 } name } ? name : "studio";

    /// <summary>The browser window, as our page around Studio names it; null for other programs.</summary>
    public static string? Window(HttpContext context) =>
        context.Request.Headers[WindowHeader] is [{ Length: > 0 and <= LongestWindow } window] ? window : null;
}
