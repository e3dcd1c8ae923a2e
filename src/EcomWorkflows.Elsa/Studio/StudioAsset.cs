using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace EcomWorkflows.Elsa.Studio;

/// <summary>One file of Elsa Studio's front end as it lies in the program's folder.</summary>
/// <param name="Path">Address below <c>/studio/</c>.</param>
/// <param name="File">Where its bytes are.</param>
/// <param name="IsBrotli">Whether those bytes are the file compressed with brotli.</param>
internal sealed partial record StudioAsset(string Path, string File, bool IsBrotli)
{
    private readonly Lazy<string> tag = new(() => $"\"{Convert.ToHexStringLower(SHA256.HashData(System.IO.File.ReadAllBytes(File)).AsSpan(0, 8))}\"");

    public string ContentType { get; } = System.IO.Path.GetExtension(Path) switch
    {
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".json" => "application/json; charset=utf-8",
        ".wasm" => "application/wasm",
        ".woff2" => "font/woff2",
        ".ico" => "image/x-icon",
        ".ttf" => "font/ttf",
        _ => "application/octet-stream",
    };

    /// <summary>Whether the name changes with the content, so that browsers may keep it for ever.</summary>
    public bool IsFingerprinted { get; } = Fingerprint().IsMatch(Path);

    /// <summary>Strong validator of the content as it lies there.</summary>
    public string ETag => tag.Value;

    [GeneratedRegex(@"^_framework/.+\.[a-z0-9]{10}\.[a-z]+$|\.[a-z0-9]{10}\.bundle\.scp\.css$")]
    private static partial Regex Fingerprint();
}
