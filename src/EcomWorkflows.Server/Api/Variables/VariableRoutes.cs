using EcomWorkflows.Orchestration.Secrets;
using Microsoft.AspNetCore.Mvc;

namespace EcomWorkflows.Server.Api.Variables;

/// <summary><c>/api/v2/variables</c></summary>
internal static class VariableRoutes
{
    private const string One = "/variables/{variable_key}";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/variables", ListAsync).WithName("get_variables").WithTags("Variable").WithSummary("Variables; secrets as ***").Produces<VariableCollection>().ProducesProblem(400);
        routes.MapGet(One, GetAsync).WithName("get_variable").WithTags("Variable").WithSummary("One variable; a secret as ***").Produces<VariableResponse>().ProducesProblem(404);
        routes.MapPost("/variables", CreateAsync).WithName("post_variable").WithTags("Variable").WithSummary("Make a variable")
            .Produces<VariableResponse>(StatusCodes.Status201Created).ProducesProblem(400).ProducesProblem(409);
        routes.MapPatch(One, ChangeAsync).WithName("patch_variable").WithTags("Variable").WithSummary("Change a variable").Produces<VariableResponse>().ProducesProblem(400).ProducesProblem(404);
        routes.MapDelete(One, DeleteAsync).WithName("delete_variable").WithTags("Variable").WithSummary("Delete a variable").Produces(StatusCodes.Status204NoContent).ProducesProblem(404);
    }

    private static async Task<IResult> ListAsync(int? limit, int? offset, VariableStore variables, CancellationToken cancellationToken)
    {
        var page = Page.Read(limit, offset);
        var all = await variables.ListAsync(cancellationToken);
        return TypedResults.Ok(new VariableCollection([.. all.Skip(page.Offset).Take(page.Limit).Select(VariableResponse.From)], all.Count));
    }

    private static async Task<IResult> GetAsync([FromRoute(Name = "variable_key")] string key, VariableStore variables, CancellationToken cancellationToken) =>
        TypedResults.Ok(VariableResponse.From(await variables.GetAsync(key, cancellationToken)));

    private static async Task<IResult> CreateAsync(VariableBody body, HttpContext context, VariableStore variables, CancellationToken cancellationToken)
    {
        if (body is not { Key: { Length: > 0 } key, Value: { } value })
            throw new BadRequestException("key and value are needed, for example {\"key\": \"region\", \"value\": \"eu\"}.");
        if ((await variables.ListAsync(cancellationToken)).Any(v => v.Name == key))
            return Problem.Conflict($"There is a variable '{key}' already. PATCH /api/v2/variables/{key} changes it.");
        await variables.SetAsync(key, value, body.IsSecret ?? false, body.Description, Actors.Of(context, Actors.Api), cancellationToken);
        return TypedResults.Created($"/api/v2/variables/{key}", VariableResponse.From(await variables.GetAsync(key, cancellationToken)));
    }

    private static async Task<IResult> ChangeAsync(
        [FromRoute(Name = "variable_key")] string key, VariableBody body, HttpContext context, VariableStore variables, CancellationToken cancellationToken)
    {
        var stored = await variables.GetAsync(key, cancellationToken);
        if (body.Key is { } other && other != key)
            throw new BadRequestException($"The body is of variable '{other}', the address of '{key}'.");
        var value = body.Value ?? stored.Value
            ?? throw new BadRequestException("The value of a secret must be given again when something of it is changed.");
        // A secret stays one unless the request says otherwise, with a new value.
        await variables.SetAsync(key, value, body.IsSecret ?? stored.IsSecret, body.Description, Actors.Of(context, Actors.Api), cancellationToken);
        return TypedResults.Ok(VariableResponse.From(await variables.GetAsync(key, cancellationToken)));
    }

    private static async Task<IResult> DeleteAsync([FromRoute(Name = "variable_key")] string key, HttpContext context, VariableStore variables, CancellationToken cancellationToken) =>
        await variables.DeleteAsync(key, Actors.Of(context, Actors.Api), cancellationToken) ? TypedResults.NoContent() : Problem.NotFound($"There is no variable '{key}'.");
}
