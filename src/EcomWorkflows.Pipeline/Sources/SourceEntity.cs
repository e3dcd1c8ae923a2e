using System.Text.Json.Nodes;

namespace EcomWorkflows.Pipeline.Sources;

/// <summary>One entity a source provides.</summary>
/// <param name="Kind"><c>file</c>, <c>rest</c>, or <c>none</c> where the source has no such entity (the task then publishes an empty table).</param>
/// <param name="Location">Path or glob (relative to <c>ECOM_HOME</c>) or URL; may hold <c>{file}</c> (the run's parameter) and <c>{server}</c> (our own address).</param>
/// <param name="Format">Dialect and parsing options, read by ingestion.</param>
/// <param name="Columns">Declared columns in file order; the header is checked against them.</param>
/// <param name="Suite">Expectation suite, <c>workflows/expectations/{suite}.json</c>.</param>
public sealed record SourceEntity(
    string Kind,
    string? Location,
    JsonObject? Format,
    IReadOnlyList<SourceColumn> Columns,
    string? Suite);
