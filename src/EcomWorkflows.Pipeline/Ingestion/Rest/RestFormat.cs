using EcomWorkflows.Pipeline.Ingestion.Parsing;
using EcomWorkflows.Pipeline.Sources;

namespace EcomWorkflows.Pipeline.Ingestion.Rest;

/// <summary>How a paged REST API is asked and answers, as its source mapping gives it.</summary>
/// <param name="Items">Member of the answer that holds the list; empty where the answer is the list.</param>
/// <param name="Next">Member that says whether there is more: the next page's number or address, or null; where it is not declared, a short page is the last.</param>
/// <param name="TokenVariable">Environment variable with a bearer token; null for none.</param>
internal sealed record RestFormat(
    string PageParameter,
    string SizeParameter,
    int PageSize,
    string Items,
    string? Next,
    string? TokenVariable,
    int Retries,
    TimeSpan RetryDelay,
    TimeSpan Timeout,
    ValueFormat Values)
{
    public static RestFormat From(SourceMapping mapping, string entity)
    {
        var members = new FormatMembers(mapping, entity);
        return new RestFormat(
            members.Text("page_parameter", "page"),
            members.Text("size_parameter", "page_size"),
            members.Number("page_size", 1000, 1, 100_000),
            members.Text("items", "items"),
            members.Text("next"),
            members.Text("token_variable"),
            members.Number("retries", 4, 0, 20),
            TimeSpan.FromMilliseconds(members.Number("retry_delay_ms", 500, 1, 60_000)),
            TimeSpan.FromSeconds(members.Number("timeout_seconds", 30, 1, 600)),
            ValueFormat.From(members));
    }
}
