using EcomWorkflows.Elsa.Api;
using EcomWorkflows.Orchestration.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace EcomWorkflows.Server.Access;

/// <summary>Registers accounts, sign-in and the guard.</summary>
internal static class AccessRegistration
{
    private const string Either = "either";

    /// <summary>Accounts and keys, for the command line and the server.</summary>
    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.AddSingleton(new MigrationSet("access", typeof(AccessRegistration).Assembly, "EcomWorkflows.Server.Access.Migrations.", Order: 50));
        services.AddSingleton<Passwords>();
        services.AddSingleton<AccountStore>();
        return services;
    }

    /// <param name="isOpen">Demo mode: everybody may do everything.</param>
    public static IServiceCollection AddAccess(this IServiceCollection services, bool isOpen)
    {
        services.AddSingleton<SignIn>();
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<IElsaPermissions, RolePermissions>();
        if (isOpen)
        {
            services.AddAuthentication(OpenSignIn.SchemeName).AddScheme<AuthenticationSchemeOptions, OpenSignIn>(OpenSignIn.SchemeName, null);
            return services;
        }
        services.AddAuthentication(Either)
            .AddPolicyScheme(Either, null, scheme => scheme.ForwardDefaultSelector = context =>
                HeaderSignIn.IsMeant(context.Request) ? HeaderSignIn.SchemeName : CookieAuthenticationDefaults.AuthenticationScheme)
            .AddScheme<AuthenticationSchemeOptions, HeaderSignIn>(HeaderSignIn.SchemeName, null)
            .AddCookie(cookie =>
            {
                cookie.Cookie.Name = "ecom.session";
                cookie.Cookie.HttpOnly = true;
                cookie.Cookie.SameSite = SameSiteMode.Lax;
                cookie.ExpireTimeSpan = TimeSpan.FromHours(12);
                cookie.SlidingExpiration = true;
                cookie.Events.OnValidatePrincipal = ValidateAsync;
            });
        return services;
    }

    public static void UseAccess(this WebApplication app)
    {
        app.UseAuthentication();
        app.UseMiddleware<AccessGuard>();
    }

    /// <summary>A session ends when its account's password, role or activity changes.</summary>
    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var signIn = context.HttpContext.RequestServices.GetRequiredService<SignIn>();
        if (AccessClaims.SessionOf(context.Principal) is { } session
            && await signIn.BySessionAsync(session.AccountId, session.Stamp, context.HttpContext.RequestAborted) is not null)
            return;
        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
    }
}
