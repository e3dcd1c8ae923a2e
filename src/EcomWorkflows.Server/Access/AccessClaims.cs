using System.Globalization;
using System.Security.Claims;

namespace EcomWorkflows.Server.Access;

/// <summary>An account as the principal of a request.</summary>
internal static class AccessClaims
{
    private const string Stamp = "ecom:stamp";

    public static ClaimsPrincipal Principal(Account account, string scheme) => new(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.NameIdentifier, account.AccountId.ToString(CultureInfo.InvariantCulture)),
            new Claim(ClaimTypes.Name, account.Name),
            new Claim(ClaimTypes.Role, AccountStore.Wire(account.Role)),
            new Claim(Stamp, account.Stamp.ToString("n")),
        ],
        scheme));

    /// <summary>Null for a principal that is nobody.</summary>
    public static Role? RoleOf(ClaimsPrincipal user) =>
        user.FindFirstValue(ClaimTypes.Role) is { } name && Enum.TryParse<Role>(name, ignoreCase: true, out var role) ? role : null;

    /// <summary>What a session must still agree with.</summary>
    public static (long AccountId, Guid Stamp)? SessionOf(ClaimsPrincipal? user) =>
        long.TryParse(user?.FindFirstValue(ClaimTypes.NameIdentifier), CultureInfo.InvariantCulture, out var id) && Guid.TryParse(user?.FindFirstValue(Stamp), out var stamp)
            ? (id, stamp)
            : null;
}
