namespace EcomWorkflows.Pipeline.Ingestion;

/// <summary>Why ingestion could not make a row of a line; the values of <c>rejects.*.rule</c>.</summary>
internal static class RejectRule
{
    public const string Type = "parse_type";
    public const string Columns = "parse_columns";
    public const string Encoding = "parse_encoding";
    public const string Quote = "parse_quote";
}
