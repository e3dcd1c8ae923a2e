using EcomWorkflows.Orchestration.Storage;
using Npgsql;

namespace EcomWorkflows.Server.Api.Monitor;

/// <summary><c>GET /api/v2/monitor/health</c></summary>
internal static class GetHealth
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/monitor/health", HandleAsync).WithName("get_health").WithTags("Monitor").WithSummary("Whether the database answers and a node is alive").Produces<HealthResponse>();

    private static async Task<IResult> HandleAsync(NodeStore nodes, CancellationToken cancellationToken)
    {
        try
        {
            var alive = await nodes.AliveAsync(cancellationToken);
            return TypedResults.Ok(new HealthResponse(HealthPart.Of(true), HealthPart.Of(alive > 0), alive));
        }
        catch (NpgsqlException)
        {
            return TypedResults.Ok(new HealthResponse(HealthPart.Of(false), HealthPart.Of(false), 0));
        }
    }
}
