using EcomWorkflows.Server.Api;
using EcomWorkflows.Server.Dashboards;

namespace EcomWorkflows.Server.Access;

/// <summary>Lets a request through when its caller's role is enough by <see cref="AccessRules"/>; otherwise says what is missing in the form the caller understands.</summary>
internal sealed class AccessGuard(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var (request, path) = (context.Request, context.Request.Path.Value ?? "/");
        if (AccessRules.Needed(request.Method, path) is not { } needed)
        {
            await next(context);
            return;
        }
        var role = AccessClaims.RoleOf(context.User);
        if (role >= needed)
            await next(context);
        else if (role is { } lower)
            await TooLow(path, lower, needed).ExecuteAsync(context);
        else if (AccessPaths.IsForPrograms(path))
            await Unknown(context).ExecuteAsync(context);
        else
            context.Response.Redirect(SignInRoutes.Address(HttpMethods.IsGet(request.Method) ? path + request.QueryString : "/"));
    }

    private static IResult TooLow(string path, Role role, Role needed)
    {
        var message = $"Your role is {AccountStore.Wire(role)}; this needs {AccountStore.Wire(needed)}. An admin can change it: ./ecom users role NAME {AccountStore.Wire(needed)}";
        // Studio stops on any code but 400, and shows these.
        if (path.StartsWith("/elsa/", StringComparison.OrdinalIgnoreCase))
            return TypedResults.ValidationProblem(new Dictionary<string, string[]> { ["access"] = [message] }, title: "The request was refused");
        return AccessPaths.IsForPrograms(path) ? Problem.Forbidden(message) : PageErrors.Page(StatusCodes.Status403Forbidden, "You may not do this", message);
    }

    private static IResult Unknown(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer, ApiKey";
        return TypedResults.Problem(
            "Sign in: send 'Authorization: Bearer TOKEN' with a token from POST /api/v2/auth/token, or 'Authorization: Bearer KEY' with an API key (./ecom users keys add NAME). Unknown, revoked and expired ones are refused.",
            statusCode: StatusCodes.Status401Unauthorized, title: "Not signed in");
    }
}
