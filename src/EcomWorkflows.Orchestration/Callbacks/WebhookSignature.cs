using System.Security.Cryptography;
using System.Text;

namespace EcomWorkflows.Orchestration.Callbacks;

/// <summary>The signature of a webhook: HMAC-SHA256 over <c>{timestamp}.{body}</c>, so that neither can be changed nor an old message sent again unnoticed.</summary>
public static class WebhookSignature
{
    public const string Header = "X-Ecom-Signature";

    /// <summary>The header's value, <c>t={unix seconds},v1={hexadecimal}</c>.</summary>
    public static string Create(string secret, DateTimeOffset at, string body) => $"t={at.ToUnixTimeSeconds()},v1={Compute(secret, at.ToUnixTimeSeconds(), body)}";

    /// <summary>Whether a header's value fits the body and is not older (or newer) than <paramref name="tolerance"/>.</summary>
    public static bool Verify(string secret, string header, string body, DateTimeOffset now, TimeSpan tolerance)
    {
        if (header.Split(',') is not [['t', '=', .. var timestamp], ['v', '1', '=', .. var signature]] || !long.TryParse(timestamp, out var seconds))
            return false;
        var expected = Compute(secret, seconds, body);
        return Math.Abs(now.ToUnixTimeSeconds() - seconds) <= tolerance.TotalSeconds
            && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), Encoding.ASCII.GetBytes(signature));
    }

    private static string Compute(string secret, long seconds, string body) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{seconds}.{body}")));
}
