using EcomWorkflows.Server.Access.Pages;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace EcomWorkflows.Server.Access;

/// <summary>Signing in and out, for people by page and cookie, for programs by token.</summary>
internal static class SignInRoutes
{
    private const string Path = "/sign-in";
    private const string Refusal = "The name or the password is wrong, or the account is locked for some minutes after too many wrong passwords.";

    /// <summary>The sign-in page that leads on to an address of ours.</summary>
    public static string Address(string to) => to is "/" or "" ? Path : $"{Path}?to={Uri.EscapeDataString(to)}";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, async (string? to, AccountStore accounts, CancellationToken ct) => Page(to, await accounts.AnyAsync(ct) ? null : NoAccounts, "")).ExcludeFromDescription();
        routes.MapPost(Path, SignInAsync).DisableAntiforgery().ExcludeFromDescription();
        routes.MapPost("/sign-out", async (HttpContext context) =>
        {
            await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
            return TypedResults.LocalRedirect(Path);
        }).DisableAntiforgery().ExcludeFromDescription();
        routes.MapPost("/api/v2/auth/token", TokenAsync)
            .WithSummary("Exchanges name and password for a bearer token")
            .WithTags("Auth");
    }

    private const string NoAccounts = "There are no accounts yet. On the machine of this server, type: ./ecom users add NAME --role admin";

    // A cookie is only asked for by our own form: RequestGuard has refused posts from other sites.
    private static async Task<IResult> SignInAsync(
        [FromForm] string? name, [FromForm] string? password, [FromForm] string? to, HttpContext context, SignIn signIn, CancellationToken cancellationToken)
    {
        if (await signIn.ByPasswordAsync(name ?? "", password ?? "", cancellationToken) is not { } account)
            return Page(to, Refusal, name ?? "", StatusCodes.Status401Unauthorized);
        await context.SignInAsync(
            CookieAuthenticationDefaults.AuthenticationScheme, AccessClaims.Principal(account, CookieAuthenticationDefaults.AuthenticationScheme));
        return TypedResults.LocalRedirect(IsOurs(to) ? to! : "/");
    }

    private static async Task<IResult> TokenAsync(TokenRequest request, SignIn signIn, AccessTokens tokens, CancellationToken cancellationToken) =>
        await signIn.ByPasswordAsync(request.Username ?? "", request.Password ?? "", cancellationToken) is { } account
            ? TypedResults.Json(new TokenResponse(tokens.Create(account)), statusCode: StatusCodes.Status201Created)
            : TypedResults.Problem(Refusal, statusCode: StatusCodes.Status401Unauthorized, title: "Not signed in");

    private static RazorComponentResult<SignInPage> Page(string? to, string? problem, string name, int status = StatusCodes.Status200OK) =>
        new(new { To = IsOurs(to) ? to : "/", Problem = problem, Name = name }) { StatusCode = status };

    /// <summary>Only addresses of ours: a foreign one would lend our sign-in page to somebody else's.</summary>
    private static bool IsOurs(string? to) => to is { Length: > 1 } && to[0] == '/' && to[1] is not ('/' or '\\') && !to.Any(char.IsControl);

    [System.Text.Json.Serialization.JsonUnmappedMemberHandling(System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow)]
    private sealed record TokenRequest(string? Username, string? Password);

    private sealed record TokenResponse([property: System.Text.Json.Serialization.JsonPropertyName("access_token")] string AccessToken);
}
