namespace EcomWorkflows.Server.Access;

/// <summary>Paths whose callers are programs: they get problem documents, never a redirect to a page.</summary>
internal static class AccessPaths
{
    public static IReadOnlyList<string> Programs { get; } =
        ["/api/", "/elsa/", "/openapi/", "/get-online-features", "/push", "/materialize", "/models/", "/metrics", "/health"];
}
