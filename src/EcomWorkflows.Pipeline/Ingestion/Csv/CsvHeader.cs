namespace EcomWorkflows.Pipeline.Ingestion.Csv;

/// <summary>Names of a file's columns as its header gives them.</summary>
internal static class CsvHeader
{
    /// <summary>Without white space around them; a column without a name, as an export with an index has it, is called by its place: <c>column_1</c>.</summary>
    public static IEnumerable<string> Names(IEnumerable<string> fields) => fields.Select((field, index) => field.Trim() is { Length: > 0 } name ? name : $"column_{index + 1}");
}
