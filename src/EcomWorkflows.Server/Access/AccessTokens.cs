using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace EcomWorkflows.Server.Access;

/// <summary>Bearer tokens: which account, sealed by the server's keys, for a day or until the account changes.</summary>
internal sealed class AccessTokens(IDataProtectionProvider protection)
{
    public static TimeSpan Lifetime { get; } = TimeSpan.FromDays(1);

    private readonly ITimeLimitedDataProtector protector = protection.CreateProtector("ecom.access-token.v1").ToTimeLimitedDataProtector();

    public string Create(Account account) => protector.Protect(string.Create(CultureInfo.InvariantCulture, $"{account.AccountId}|{account.Stamp:n}"), Lifetime);

    /// <returns>Null for what is no token of ours, and for one that has expired.</returns>
    public (long AccountId, Guid Stamp)? TryRead(string token)
    {
        try
        {
            return protector.Unprotect(token).Split('|') is [var id, var stamp]
                && long.TryParse(id, CultureInfo.InvariantCulture, out var accountId) && Guid.TryParse(stamp, out var known)
                    ? (accountId, known)
                    : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
