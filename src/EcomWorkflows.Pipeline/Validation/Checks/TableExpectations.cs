using System.Text.Json.Nodes;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Validation.Suites;

namespace EcomWorkflows.Pipeline.Validation.Checks;

/// <summary>Expectations about the table as a whole: its size and its columns.</summary>
internal static class TableExpectations
{
    public static IReadOnlyList<ExpectationDefinition> All { get; } =
    [
        new("expect_table_row_count_to_be_between", false,
            [new("min_value", KwargKind.Count), new("max_value", KwargKind.Count), new("strict_min", KwargKind.Flag), new("strict_max", KwargKind.Flag)],
            RowCountBetween, ValueRange.Demand),
        new("expect_table_row_count_to_equal", false, [new("value", KwargKind.Count, Required: true)], RowCountEqual),
        new("expect_table_row_count_to_equal_other_table", false, [new("other_table_name", KwargKind.Text, Required: true)], RowCountOfOther),
        new("expect_table_column_count_to_be_between", false,
            [new("min_value", KwargKind.Count), new("max_value", KwargKind.Count), new("strict_min", KwargKind.Flag), new("strict_max", KwargKind.Flag)],
            ColumnCountBetween, ValueRange.Demand),
        new("expect_table_column_count_to_equal", false, [new("value", KwargKind.Count, Required: true)], ColumnCountEqual),
        new("expect_table_columns_to_match_set", false,
            [new("column_set", KwargKind.TextList, Required: true), new("exact_match", KwargKind.Flag)], ColumnSet),
        new("expect_table_columns_to_match_ordered_list", false, [new("column_list", KwargKind.TextList, Required: true)], ColumnList),
        new("expect_column_to_exist", false,
            [new("column", KwargKind.Text, Required: true), new("column_index", KwargKind.Count)], ColumnExists),
        new("expect_column_values_to_be_of_type", false,
            [new("column", KwargKind.Text, Required: true), new("type_", KwargKind.Text, Required: true)], ColumnType),
        new("expect_column_values_to_be_in_type_list", false,
            [new("column", KwargKind.Text, Required: true), new("type_list", KwargKind.TextList, Required: true)], ColumnType),
    ];

    private static AggregateCheck RowCountBetween(CheckBuilder check)
    {
        var range = ValueRange.From(check.Kwargs);
        return new AggregateCheck(check.Expectation, $"{check.Table.Name} has {range.Words} {(range is { Min: { } least, Max: null } && least.ToString() == "1" ? "row" : "rows")}", "count(*)", range.Sql("count(*)"));
    }

    private static AggregateCheck RowCountEqual(CheckBuilder check)
    {
        var value = check.Kwargs["value"]!;
        return new AggregateCheck(check.Expectation, $"{check.Table.Name} has {value} rows", "count(*)", $"count(*) = {SqlText.Literal(value)}");
    }

    private static AggregateCheck RowCountOfOther(CheckBuilder check)
    {
        var other = check.Text("other_table_name")!;
        var rows = $"(select count(*) from {check.Reference(other)})";
        return new AggregateCheck(
            check.Expectation, $"{check.Table.Name} has as many rows as {other}", $"{{'self': count(*), 'other': {rows}}}", $"count(*) = {rows}");
    }

    private static AggregateCheck ColumnCountBetween(CheckBuilder check)
    {
        var range = ValueRange.From(check.Kwargs);
        var columns = check.Table.Columns.Count.ToString();
        return new AggregateCheck(check.Expectation, $"{check.Table.Name} has {range.Words} columns", columns, range.Sql(columns));
    }

    private static TableCheck ColumnCountEqual(CheckBuilder check)
    {
        var value = check.Kwargs["value"]!.GetValue<long>();
        return new TableCheck(check.Expectation, $"{check.Table.Name} has {value} columns", check.Table.Columns.Count == value, check.Table.Columns.Count);
    }

    private static TableCheck ColumnSet(CheckBuilder check)
    {
        var (expected, actual) = (Texts(check.Kwargs["column_set"]), check.Table.Columns.Select(c => c.Name).ToList());
        var missing = expected.Except(actual).ToList();
        var unexpected = check.Flag("exact_match", missing: true) ? actual.Except(expected).ToList() : [];
        return new TableCheck(
            check.Expectation, $"{check.Table.Name} has the columns {string.Join(", ", expected)}", missing.Count + unexpected.Count == 0, Array(actual),
            new JsonObject { ["mismatched"] = new JsonObject { ["missing"] = Array(missing), ["unexpected"] = Array(unexpected) } });
    }

    private static TableCheck ColumnList(CheckBuilder check)
    {
        var (expected, actual) = (Texts(check.Kwargs["column_list"]), check.Table.Columns.Select(c => c.Name).ToList());
        return new TableCheck(
            check.Expectation, $"{check.Table.Name} has the columns {string.Join(", ", expected)}, in this order", expected.SequenceEqual(actual), Array(actual));
    }

    private static TableCheck ColumnExists(CheckBuilder check)
    {
        var name = check.Text("column")!;
        var names = check.Table.Columns.Select(c => c.Name).ToList();
        var index = names.IndexOf(name);
        var wanted = check.Kwargs["column_index"]?.GetValue<int>();
        var where = wanted is null ? "" : $" at position {wanted}";
        return new TableCheck(check.Expectation, $"{check.Table.Name} has a column {name}{where}", index >= 0 && (wanted is null || wanted == index), index >= 0 ? index : null);
    }

    /// <summary>Types are compared as DuckDB understands them, so <c>text</c> and <c>VARCHAR</c> are the same; the aggregate form lets DuckDB do that.</summary>
    private static AggregateCheck ColumnType(CheckBuilder check)
    {
        var column = check.Column();
        var types = check.Kwargs["type_list"] is { } list ? Texts(list) : [check.Text("type_")!];
        var actual = DuckDbSql.Literal(check.Table.Find(column)!.Type);
        return new AggregateCheck(
            check.Expectation, $"{column} is of type {string.Join(" or ", types)}", $"any_value({actual})",
            $"typeof(cast(null as {check.Table.Find(column)!.Type})) in ({string.Join(", ", types.Select(type => $"typeof(try_cast(null as {TypeName(type)}))"))})");
    }

    private static string TypeName(string type) => type.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '(' or ')' or ',' or ' ' or '[' or ']')
        ? type
        : throw new CheckException($"'{type}' is not the name of a DuckDB type such as VARCHAR, BIGINT, DOUBLE or TIMESTAMP.");

    private static List<string> Texts(JsonNode? list) => [.. list!.AsArray().Select(text => text!.GetValue<string>())];

    private static JsonArray Array(IEnumerable<string> texts) => [.. texts.Select(text => JsonValue.Create(text))];
}
