using EcomWorkflows.Pipeline.Ingestion.Parsing;
using EcomWorkflows.Pipeline.Sources;

namespace EcomWorkflows.Pipeline.Ingestion.Rest;

/// <summary>How a paged REST API is asked and answers, as its source mapping gives it.</summary>
/// <param name="Paging">
/// <c>page</c> (a page number and size in the query), <c>cursor</c> (each answer holds what to ask the next page with), <c>link</c> (each answer links to the next
/// page, in its <c>Link</c> header or a member) or <c>none</c>.
/// </param>
/// <param name="Items">Members that lead to the list, with points between; empty where the answer is the list.</param>
/// <param name="Next">
/// Members that lead to what says whether there is more: the next page's number, address or cursor, or null; where it is not declared, a short page is the last.
/// </param>
/// <param name="TokenVariable">Environment variable with a bearer token; null for none.</param>
/// <param name="RequestsPerSecond">At most so many requests are begun in a second; 0 for no limit.</param>
/// <param name="LongestRetryAfter">A server that asks to wait longer is not waited for.</param>
/// <param name="Conditional">Whether the first page's ETag or Last-Modified tells that nothing has changed, and the rows of the last run are used again.</param>
internal sealed record RestFormat(
    string Paging,
    string PageParameter,
    string SizeParameter,
    string CursorParameter,
    int PageSize,
    string Items,
    string? Next,
    string? TokenVariable,
    int RequestsPerSecond,
    bool Conditional,
    int Retries,
    TimeSpan RetryDelay,
    TimeSpan LongestRetryAfter,
    TimeSpan Timeout,
    ValueFormat Values)
{
    private static readonly string[] Pagings = ["page", "cursor", "link", "none"];

    public static RestFormat From(SourceMapping mapping, string entity)
    {
        var members = new FormatMembers(mapping, entity);
        var paging = members.OneOf("paging", "page", Pagings);
        var next = members.Text("next");
        if (paging == "cursor" && next is null)
            throw members.Refuse("next", "the member that holds the next cursor, with \"paging\": \"cursor\"", "none");
        return new RestFormat(
            paging,
            members.Text("page_parameter", "page"),
            members.Text("size_parameter", "page_size"),
            members.Text("cursor_parameter", "cursor"),
            members.Number("page_size", 1000, 1, 100_000),
            members.Text("items", "items"),
            next,
            members.Text("token_variable"),
            members.Number("requests_per_second", 0, 0, 1000),
            members.Flag("conditional", paging == "none"),
            members.Number("retries", 4, 0, 20),
            TimeSpan.FromMilliseconds(members.Number("retry_delay_ms", 500, 1, 60_000)),
            TimeSpan.FromSeconds(members.Number("longest_retry_after_seconds", 300, 0, 86_400)),
            TimeSpan.FromSeconds(members.Number("timeout_seconds", 30, 1, 600)),
            ValueFormat.From(members));
    }
}
