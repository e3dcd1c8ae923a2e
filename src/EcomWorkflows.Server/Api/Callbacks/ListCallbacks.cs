using EcomWorkflows.Orchestration.Storage;
using Microsoft.AspNetCore.Mvc;

namespace EcomWorkflows.Server.Api.Callbacks;

/// <summary><c>GET /api/v2/callbacks</c></summary>
internal static class ListCallbacks
{
    private static readonly string[] States = ["pending", "delivered", "dead"];

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/callbacks", HandleAsync).WithName("get_callbacks").WithTags("Callback")
            .WithSummary("Callbacks, newest first: waiting, delivered, and those nobody took (state=dead)").Produces<CallbackCollection>().ProducesProblem(400);

    private static async Task<IResult> HandleAsync(
        int? limit, int? offset, string? state, [FromQuery(Name = "dag_id")] string? dagId, OutboxStore outbox, CancellationToken cancellationToken)
    {
        var page = Page.Read(limit, offset);
        if (state is not null && !States.Contains(state))
            throw new BadRequestException($"state is '{state}'; allowed are {string.Join(", ", States)}.");
        return TypedResults.Ok(new CallbackCollection([.. (await outbox.ListAsync(dagId, state, page.Limit, page.Offset, cancellationToken)).Select(CallbackResponse.From)]));
    }
}
