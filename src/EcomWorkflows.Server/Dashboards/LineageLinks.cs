using System.Globalization;
using EcomWorkflows.Pipeline.Lineage;
using EcomWorkflows.Pipeline.Versioning;

namespace EcomWorkflows.Server.Dashboards;

/// <summary>Pages about the things of a lineage.</summary>
internal static class LineageLinks
{
    /// <summary>The page that is about a node itself; null where there is none besides the lineage.</summary>
    public static (string Text, string Address)? Page(LineageNode node)
    {
        var name = node.Id[(node.Id.IndexOf(':', StringComparison.Ordinal) + 1)..];
        return node.Kind switch
        {
            LineageKind.RawLine when name.Split(':') is [var file, var line] => ("read the line", Links.RawLine(Number(file), Number(line))),
            LineageKind.RawFile => ("read the file", Links.RawLine(Number(name), 1)),
            LineageKind.Dataset when DatasetName.OfTag(name) is var (dataset, version) => ("manifest, statistics and versions", Links.DatasetVersion(dataset, version)),
            _ => null,
        };
    }

    /// <summary>The lineage that begins at a node; null where none does.</summary>
    public static string? Lineage(LineageNode node)
    {
        var name = node.Id[(node.Id.IndexOf(':', StringComparison.Ordinal) + 1)..];
        return node.Kind switch
        {
            LineageKind.Dataset when DatasetName.OfTag(name) is var (dataset, version) => Links.DatasetLineage(dataset, version),
            LineageKind.Model when name.LastIndexOf("/v", StringComparison.Ordinal) is var split and > 0 => Links.ModelLineage(name[..split], (int)Number(name[(split + 2)..])),
            _ => null,
        };
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
