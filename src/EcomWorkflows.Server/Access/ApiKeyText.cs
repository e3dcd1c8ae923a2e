using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace EcomWorkflows.Server.Access;

/// <summary>The text of an API key: <c>ecom_&lt;id&gt;_&lt;secret&gt;</c>. The prefix lets secret scanners find a key that leaked.</summary>
internal sealed record ApiKeyText(string KeyId, string Text)
{
    private const string Prefix = "ecom_";
    private const int IdDigits = 12;
    private const int SecretBytes = 32;

    /// <summary>SHA-256 of the whole text.</summary>
    public byte[] Hash => SHA256.HashData(Encoding.UTF8.GetBytes(Text));

    public static ApiKeyText Create()
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdDigits / 2));
        return new ApiKeyText(id, $"{Prefix}{id}_{WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(SecretBytes))}");
    }

    /// <summary>Null for what is no key.</summary>
    public static ApiKeyText? TryParse(string? text) =>
        text is not null && text.StartsWith(Prefix, StringComparison.Ordinal) && text.Length > Prefix.Length + IdDigits && text[Prefix.Length + IdDigits] == '_'
            ? new ApiKeyText(text.Substring(Prefix.Length, IdDigits), text)
            : null;
}
