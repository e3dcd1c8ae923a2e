using System.Security.Cryptography;
using System.Text;

namespace EcomWorkflows.Elsa.Studio;

/// <summary>A file of our own page around Studio, held in the program.</summary>
internal sealed record StudioHostFile(string ContentType, byte[] Content)
{
    public static StudioHostFile Page { get; } = Load("host.html", "text/html; charset=utf-8");

    public static StudioHostFile Script { get; } = Load("host.js", "text/javascript; charset=utf-8");

    public static StudioHostFile Style { get; } = Load("host.css", "text/css; charset=utf-8");

    /// <summary>Fetched by Studio at start; its own one names a server on another address.</summary>
    public static StudioHostFile Settings { get; } = new("application/json; charset=utf-8", Encoding.UTF8.GetBytes("""{ "Logging": { "LogLevel": { "Default": "Warning" } } }"""));

    public string ETag { get; } = $"\"{Convert.ToHexStringLower(SHA256.HashData(Content).AsSpan(0, 8))}\"";

    private static StudioHostFile Load(string name, string contentType)
    {
        using var stream = typeof(StudioHostFile).Assembly.GetManifestResourceStream($"EcomWorkflows.Elsa.Studio.Host.{name}")!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return new StudioHostFile(contentType, content);
    }
}
