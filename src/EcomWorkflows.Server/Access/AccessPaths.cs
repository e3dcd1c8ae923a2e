namespace EcomWorkflows.Server.Access;

/// <summary>Paths whose callers are programs: they get problem documents, never a redirect to a page.</summary>
internal static class AccessPaths
{
    private static readonly string[] Prefixes = ["/api/", "/elsa/", "/openapi/", "/get-online-features", "/push", "/materialize", "/metrics", "/health"];

    /// <remarks>Under <c>/models/</c> are pages and reports for people, and beside them what an application asks a model.</remarks>
    public static bool IsForPrograms(string path) =>
        Prefixes.Any(prefix => path.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
        || (path.StartsWith("/models/", StringComparison.OrdinalIgnoreCase) && path.EndsWith("/invocations", StringComparison.OrdinalIgnoreCase));
}
