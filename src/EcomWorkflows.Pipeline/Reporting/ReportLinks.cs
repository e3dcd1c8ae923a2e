using System.Globalization;
using EcomWorkflows.Pipeline.Versioning;

namespace EcomWorkflows.Pipeline.Reporting;

/// <summary>Links from a report to the pages of the server that shows it.</summary>
internal static class ReportLinks
{
    public static Html Run(string dagId, string runKey) =>
        Html.Of($"""<a href="/dags/{Uri.EscapeDataString(dagId)}/runs/{Uri.EscapeDataString(runKey)}">{dagId} · {runKey}</a>""");

    /// <summary>To a dataset's version; where it has none, the words say so.</summary>
    public static Html Dataset(string? tag) => tag is not null && DatasetName.OfTag(tag) is var (dataset, version)
        ? Html.Of($"""<a href="/datasets/{dataset}/v{version.ToString(CultureInfo.InvariantCulture)}">{tag}</a>""")
        : Html.Of($"{tag ?? "not versioned"}");
}
