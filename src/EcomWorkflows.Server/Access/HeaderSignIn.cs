using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace EcomWorkflows.Server.Access;

/// <summary>Programs sign in with every request: <c>Authorization: Bearer TOKEN</c>, <c>Bearer KEY</c> or, as Elsa Studio writes it, <c>ApiKey KEY</c>.</summary>
internal sealed class HeaderSignIn(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, SignIn signIn, AccessTokens tokens)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "header";

    private static readonly string[] Words = ["Bearer ", "ApiKey "];

    public static bool IsMeant(HttpRequest request) =>
        request.Headers.Authorization is [{ } header] && Array.Exists(Words, word => header.StartsWith(word, StringComparison.OrdinalIgnoreCase));

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!IsMeant(Request))
            return AuthenticateResult.NoResult();
        var given = Request.Headers.Authorization[0]![Words[0].Length..].Trim();
        Account? account = null;
        if (ApiKeyText.TryParse(given) is { } key)
            account = await signIn.ByKeyAsync(key, Context.RequestAborted);
        else if (tokens.TryRead(given) is { } session)
            account = await signIn.BySessionAsync(session.AccountId, session.Stamp, Context.RequestAborted);
        return account is null
            ? AuthenticateResult.Fail("The key or token is unknown, revoked or expired.")
            : AuthenticateResult.Success(new AuthenticationTicket(AccessClaims.Principal(account, SchemeName), SchemeName));
    }
}
