using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace EcomWorkflows.Pipeline.Ingestion.Rest;

/// <summary>Reads <c>Link</c> headers (RFC 8288).</summary>
internal static partial class LinkHeader
{
    /// <summary>The target with <c>rel="next"</c>; null where there is none.</summary>
    public static string? Next(HttpResponseHeaders headers) => headers.TryGetValues("Link", out var values)
        ? values.SelectMany(value => Link().Matches(value)).FirstOrDefault(link => Relation().IsMatch(link.Groups["parameters"].Value))?.Groups["target"].Value
        : null;

    [GeneratedRegex("""<(?<target>[^>]*)>(?<parameters>(?:\s*;\s*[^\s;=,]+(?:\s*=\s*(?:"[^"]*"|[^\s;,"]*))?)*)""")]
    private static partial Regex Link();

    [GeneratedRegex("""(?:^|;)\s*rel\s*=\s*(?:next(?:$|[\s;])|"(?:[^"]*\s)?next(?:\s[^"]*)?")""", RegexOptions.IgnoreCase)]
    private static partial Regex Relation();
}
