using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace EcomWorkflows.Pipeline.Sources;

/// <summary>One entity a source provides.</summary>
/// <param name="Kind"><c>file</c>, <c>rest</c>, <c>postgres</c>, or <c>none</c> where the source has no such entity (the task then publishes an empty table).</param>
/// <param name="Location">
/// Path or glob (relative to <c>ECOM_HOME</c>), <c>s3://bucket/key</c> or such a glob, or URL; may hold <c>{file}</c> (the run's parameter) and <c>{server}</c> (our
/// own address).
/// </param>
/// <param name="Format">Dialect and parsing options, read by ingestion.</param>
/// <param name="Columns">Declared columns in file order; what a file has is checked against them.</param>
/// <param name="Suite">Expectation suite, <c>workflows/expectations/{suite}.json</c>.</param>
public sealed partial record SourceEntity(
    string Kind,
    string? Location,
    JsonObject? Format,
    IReadOnlyList<SourceColumn>? Columns,
    string? Suite)
{
    /// <summary>What an entity's name must look like, in words.</summary>
    public const string NameRule = "an entity's name is part of table names: small letters, digits and _, a letter first, such as order_items";

    /// <summary>Declared columns in file order; empty where none are declared.</summary>
    public IReadOnlyList<SourceColumn> Columns { get; init; } = Columns ?? [];

    /// <summary>Name of the stored connection with address and credentials; null where none is needed.</summary>
    public string? Connection { get; init; }

    /// <summary>Days a raw file is kept after it came last, at least 1; null keeps it for ever.</summary>
    public int? KeepRawDays { get; init; }

    /// <summary>What happens when a delivery has other columns than declared.</summary>
    public DriftPolicy Drift { get; init; } = new();

    /// <summary>Whether an entity can be called so.</summary>
    public static bool IsName(string name) => Name().IsMatch(name);

    [GeneratedRegex("^[a-z][a-z0-9_]*$")]
    private static partial Regex Name();
}
