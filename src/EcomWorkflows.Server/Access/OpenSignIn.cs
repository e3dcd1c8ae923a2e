using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace EcomWorkflows.Server.Access;

/// <summary>Demo mode: whoever reaches the server, which listens on loopback only, may do everything, without a name.</summary>
internal sealed class OpenSignIn(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "open";

    private static readonly ClaimsPrincipal Everybody = new(new ClaimsIdentity([new Claim(ClaimTypes.Role, AccountStore.Wire(Role.Admin))], SchemeName));

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(Everybody, SchemeName)));
}
