using System.Reflection;

namespace EcomWorkflows.Server.Api.Monitor;

/// <summary><c>GET /api/v2/version</c></summary>
internal static class GetVersion
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/version", () => TypedResults.Ok(Read())).WithName("get_version").WithTags("Version").WithSummary("The program's version").Produces<VersionResponse>();

    private static VersionResponse Read()
    {
        var informational = typeof(GetVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";
        var parts = informational.Split('+', 2);
        return new VersionResponse(parts[0], parts.Length == 2 ? parts[1] : null);
    }
}
