using System.Text.Json.Nodes;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Validation.Suites;

namespace EcomWorkflows.Pipeline.Validation.Checks;

/// <summary>What a definition compiles its check from: the stated arguments, resolved against the table.</summary>
internal sealed class CheckBuilder(
    ExpectationConfiguration expectation, ValidatedTable table, int ordinal, DuckDbConnection duck, IReadOnlyDictionary<string, string> parameters)
{
    /// <summary>For what must be known of other tables before the rows are counted.</summary>
    public DuckDbConnection Duck => duck;

    public ExpectationConfiguration Expectation => expectation;

    public ValidatedTable Table => table;

    /// <summary>A name for temporary objects that no other check of the suite has.</summary>
    public string TemporaryName => $"check_{ordinal}";

    public JsonObject Kwargs => expectation.Kwargs;

    public string Scope => SqlText.Condition(Text("row_condition"));

    /// <summary>" where …" for statements in words; empty without a row condition.</summary>
    public string ScopeWords => Text("row_condition") is { } condition ? $" where {condition}" : "";

    public string? Text(string kwarg) => Kwargs[kwarg]?.GetValue<string>();

    public string Text(string kwarg, string missing) => Text(kwarg) ?? missing;

    /// <summary>A value of the run, such as <c>data_interval_end</c>; null outside a run.</summary>
    public string? Parameter(string name) => parameters.GetValueOrDefault(name);

    public double Number(string kwarg, double missing) => Kwargs[kwarg]?.GetValue<double>() ?? missing;

    public bool Flag(string kwarg, bool missing = false) => Kwargs[kwarg]?.GetValue<bool>() ?? missing;

    /// <summary>Name of the column an argument gives, as the table spells it.</summary>
    /// <exception cref="CheckException">The table has no such column.</exception>
    public string Column(string kwarg = "column") => Resolve(Text(kwarg)!);

    public IReadOnlyList<string> Columns(string kwarg = "column_list") =>
        [.. Kwargs[kwarg]!.AsArray().Select(column => Resolve(column!.GetValue<string>()))];

    /// <summary>View of another table of the lake.</summary>
    /// <exception cref="CheckException">There is no such table.</exception>
    public string Reference(string name) => table.References.TryGetValue(name, out var view)
        ? view
        : throw new CheckException($"there is no table '{name}' to compare with. Tables found: {Listed(table.References.Keys)}. Name an entity of the same source that is ingested before this task, or a lake table such as bronze.shop.products.");

    /// <summary>A check of one column's values that are not null.</summary>
    /// <param name="good">SQL condition that is unknown for null only.</param>
    public RowCheck Values(string good, string words)
    {
        var column = Column();
        return new RowCheck(
            expectation, $"{column} {words}{ScopeWords}", Scope, $"{DuckDbSql.Identifier(column)} is null", good, SqlText.Json(column),
            $"{DuckDbSql.Literal($"{column} is ")} || {SqlText.Shown(column)} || {DuckDbSql.Literal($"; expected: {column} {words}")}")
        {
            KnownWhenGiven = true,
            OnlyColumn = OnlyColumn(column),
        };
    }

    /// <summary>The column, where no row condition looks at others.</summary>
    public string? OnlyColumn(string column) => Text("row_condition") is null ? column : null;

    private string Resolve(string column) => table.Find(column)?.Name
        ?? throw new CheckException($"{table.Name} has no column '{column}'; its columns are {Listed(table.Columns.Select(c => c.Name))}.");

    private static string Listed(IEnumerable<string> names) => names.Any() ? string.Join(", ", names) : "none";
}
