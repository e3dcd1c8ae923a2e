using System.Collections.Frozen;
using System.Security.Cryptography;

namespace EcomWorkflows.Server.Dashboards;

/// <summary>A style sheet, script or picture of our pages, held in the program; its address has its hash, so browsers keep it for ever.</summary>
internal sealed record Asset(string ContentType, byte[] Content, string Address)
{
    private const string Prefix = "EcomWorkflows.Server.Dashboards.Assets.";

    private static readonly FrozenDictionary<string, Asset> ByName = typeof(Asset).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .ToFrozenDictionary(name => name[Prefix.Length..], name => Load(name, name[Prefix.Length..]));

    public static IEnumerable<Asset> All => ByName.Values;

    public static string Path(string name) => ByName[name].Address;

    private static Asset Load(string resource, string name)
    {
        using var stream = typeof(Asset).Assembly.GetManifestResourceStream(resource)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        var type = System.IO.Path.GetExtension(name) switch
        {
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".svg" => "image/svg+xml",
            var other => throw new InvalidOperationException($"No content type is known for {other} files."),
        };
        return new Asset(type, content, $"/assets/{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 6))}/{name}");
    }
}
