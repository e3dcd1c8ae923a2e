using EcomWorkflows.Orchestration.Secrets;
using Microsoft.AspNetCore.Mvc;

namespace EcomWorkflows.Server.Api.Connections;

/// <summary><c>/api/v2/connections</c></summary>
internal static class ConnectionRoutes
{
    private const string One = "/connections/{connection_id}";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/connections", ListAsync).WithName("get_connections").WithTags("Connection").WithSummary("Connections; secrets as ***").Produces<ConnectionCollection>().ProducesProblem(400);
        routes.MapGet(One, GetAsync).WithName("get_connection").WithTags("Connection").WithSummary("One connection; secrets as ***").Produces<ConnectionResponse>().ProducesProblem(404);
        routes.MapPost("/connections", CreateAsync).WithName("post_connection").WithTags("Connection").WithSummary("Make a connection")
            .Produces<ConnectionResponse>(StatusCodes.Status201Created).ProducesProblem(400).ProducesProblem(409);
        routes.MapPatch(One, ChangeAsync).WithName("patch_connection").WithTags("Connection").WithSummary("Change a connection").Produces<ConnectionResponse>().ProducesProblem(400).ProducesProblem(404);
        routes.MapDelete(One, DeleteAsync).WithName("delete_connection").WithTags("Connection").WithSummary("Delete a connection").Produces(StatusCodes.Status204NoContent).ProducesProblem(404);
    }

    private static async Task<IResult> ListAsync(int? limit, int? offset, ConnectionStore connections, CancellationToken cancellationToken)
    {
        var page = Page.Read(limit, offset);
        var all = await connections.ListAsync(cancellationToken);
        return TypedResults.Ok(new ConnectionCollection([.. all.Skip(page.Offset).Take(page.Limit).Select(ConnectionResponse.From)], all.Count));
    }

    private static async Task<IResult> GetAsync([FromRoute(Name = "connection_id")] string name, ConnectionStore connections, CancellationToken cancellationToken) =>
        TypedResults.Ok(ConnectionResponse.From(await connections.GetAsync(name, cancellationToken)));

    private static async Task<IResult> CreateAsync(ConnectionBody body, HttpContext context, ConnectionStore connections, CancellationToken cancellationToken)
    {
        if (body.ConnectionId is not { Length: > 0 } name)
            throw new BadRequestException("connection_id is missing.");
        if ((await connections.ListAsync(cancellationToken)).Any(c => c.Name == name))
            return Problem.Conflict($"There is a connection '{name}' already. PATCH /api/v2/connections/{name} changes it.");
        await connections.SetAsync(body.ToChange(name, null), Actors.Of(context, Actors.Api), cancellationToken);
        return TypedResults.Created($"/api/v2/connections/{name}", ConnectionResponse.From(await connections.GetAsync(name, cancellationToken)));
    }

    private static async Task<IResult> ChangeAsync(
        [FromRoute(Name = "connection_id")] string name, ConnectionBody body, HttpContext context, ConnectionStore connections, CancellationToken cancellationToken)
    {
        var stored = await connections.GetAsync(name, cancellationToken);
        if (body.ConnectionId is { } other && other != name)
            throw new BadRequestException($"The body is of connection '{other}', the address of '{name}'.");
        await connections.SetAsync(body.ToChange(name, stored), Actors.Of(context, Actors.Api), cancellationToken);
        return TypedResults.Ok(ConnectionResponse.From(await connections.GetAsync(name, cancellationToken)));
    }

    private static async Task<IResult> DeleteAsync([FromRoute(Name = "connection_id")] string name, HttpContext context, ConnectionStore connections, CancellationToken cancellationToken) =>
        await connections.DeleteAsync(name, Actors.Of(context, Actors.Api), cancellationToken) ? TypedResults.NoContent() : Problem.NotFound($"There is no connection '{name}'.");
}
