using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace EcomWorkflows.Pipeline.Validation.Proposal;

/// <summary>Proposes expectations from figures: each bound leaves the room that chance needs at this number of rows, so that a like batch passes. Pure.</summary>
/// <remarks>The kinds of rules are those of Deequ's suggestions: completeness with Wilson's interval, type, range, categories, uniqueness, mean; and one about the distribution.</remarks>
internal static partial class SuiteProposer
{
    /// <summary>Standard deviations a bound leaves to chance.</summary>
    private const double Room = 5;

    /// <summary>With fewer rows a table says only what its columns are: a value that a tenth of all rows has is missing among so many with a chance of 4 %.</summary>
    public const long FewestRows = 30;

    /// <summary>A key is proposed only where so many rows speak for it.</summary>
    private const long FewestRowsOfAKey = 100;

    /// <summary>A value in fewer rows than this could as well not have been seen.</summary>
    private const long RareValue = 50;

    /// <summary>With so few rows a column's distribution says little.</summary>
    private const long FewestRowsOfADistribution = 200;

    private const int LongestShape = 40;

    /// <summary>A code has at most 80 letters, with the issue before the column's name and perhaps a number behind it.</summary>
    private const int LongestNameInACode = 60;

    /// <summary>What is proposed only from so many rows on.</summary>
    private static readonly (long Rows, string Rules)[] Minimums =
    [
        (FewestRows, "the number of rows, missing values, categories, ranges, lengths and means"),
        (FewestRowsOfAKey, "keys and forms"),
        (FewestRowsOfADistribution, "distributions"),
    ];

    private static readonly string[] WholeNumbers = ["TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"];

    /// <param name="fewestRows">With fewer, only columns and their types are proposed.</param>
    public static JsonArray Propose(IReadOnlyList<ColumnFacts> columns, long fewestRows = FewestRows)
    {
        var rows = columns.Count == 0 ? 0 : columns[0].Rows;
        var names = Expectation(
            "expect_table_columns_to_match_ordered_list", new JsonObject { ["column_list"] = Texts(columns.Select(column => column.Column.Name)) }, "critical", "columns");
        return rows < fewestRows
            ? [names, .. Coded(columns, column => column.Given > 0 ? [Type(column)] : [])]
            :
            [
                names,
                Expectation("expect_table_row_count_to_be_between", new JsonObject { ["min_value"] = rows / 2, ["max_value"] = Math.Max(1, rows) * 2 }, "warning", "row_count"),
                .. Coded(columns, Column),
            ];
    }

    /// <summary>What so many rows are too few for, in words; null where they are enough for every kind of rule.</summary>
    public static string? FindLimit(long rows)
    {
        var lacking = Minimums.Where(minimum => rows < minimum.Rows).Select(minimum => $"{minimum.Rules} (from {minimum.Rows} rows on)").ToList();
        var left = rows < FewestRows ? "only the columns and their types are proposed" : "none are proposed";
        return lacking.Count == 0 ? null : $"{(rows == 1 ? "1 row says" : $"{rows} rows say")} too little for rules about {string.Join("; ", lacking)}: {left}.";
    }

    /// <summary>What the codes of a column's expectations end with: its name in the letters a code may have, or its place where it has none of them. No two columns have the same.</summary>
    private static IReadOnlyList<string> CodesOf(IReadOnlyList<ColumnFacts> columns)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        return [.. columns.Select((column, index) =>
        {
            var letters = NotOfACode().Replace(column.Column.Name.ToLowerInvariant(), "_");
            var name = letters.Trim('_').Length == 0 ? $"column_{index + 1}" : letters[..Math.Min(letters.Length, LongestNameInACode)];
            return taken.Add(name) ? name : Enumerable.Range(2, columns.Count).Select(number => $"{name}_{number}").First(taken.Add);
        })];
    }

    private static IEnumerable<JsonObject> Coded(IReadOnlyList<ColumnFacts> columns, Func<ColumnFacts, IEnumerable<JsonObject>> expectations) =>
        columns.Zip(CodesOf(columns)).SelectMany(named => expectations(named.First).Select(expectation => WithCode(expectation, named.Second)));

    private static JsonObject WithCode(JsonObject expectation, string column)
    {
        var meta = expectation["meta"]!;
        meta["code"] = $"{meta["code"]}_{column}";
        return expectation;
    }

    private static IEnumerable<JsonObject> Column(ColumnFacts column)
    {
        if (column.Given == 0)
            return column.Rows == 0 ? [] : [Of("expect_column_values_to_be_null", column, [], "info", "empty")];
        JsonObject?[] ofAll = [Type(column), Completeness(column), Key(column), Category(column), Length(column), Shape(column)];
        // A key names its row; its size means nothing.
        JsonObject?[] ofMeasures = IsKey(column) ? [] : [Range(column), Mean(column), Distribution(column)];
        return ofAll.Concat(ofMeasures).OfType<JsonObject>();
    }

    private static JsonObject Type(ColumnFacts column) => WholeNumbers.Contains(column.Column.Type)
        ? Of("expect_column_values_to_be_in_type_list", column, new() { ["type_list"] = Texts(WholeNumbers) }, "critical", "type")
        : Of("expect_column_values_to_be_of_type", column, new() { ["type_"] = column.Column.Type }, "critical", "type");

    /// <summary>All given: expected so. Otherwise the lower bound of Wilson's interval, less the same again for the batch that is checked.</summary>
    private static JsonObject? Completeness(ColumnFacts column)
    {
        if (column.Missing == 0)
            return Of("expect_column_values_to_not_be_null", column, [], "critical", "missing");
        var share = (double)column.Given / column.Rows;
        var mostly = Math.Floor((WilsonLower(share, column.Rows) - (share - WilsonLower(share, column.Rows))) * 1000) / 1000;
        return mostly <= 0 ? null : Of("expect_column_values_to_not_be_null", column, new() { ["mostly"] = mostly }, "warning", "missing");
    }

    private static JsonObject? Key(ColumnFacts column) => IsKey(column) ? Of("expect_column_values_to_be_unique", column, [], "critical", "repeated") : null;

    private static bool IsKey(ColumnFacts column) =>
        column.Rows >= FewestRowsOfAKey && column.Missing == 0 && column.Distinct == column.Rows && (column.Column.Type == "VARCHAR" || WholeNumbers.Contains(column.Column.Type));

    /// <summary>The values seen. Where some are rare, others may be rarer still: how many rows may hold such follows from how many values were seen hardly ever (Good and Turing).</summary>
    private static JsonObject? Category(ColumnFacts column)
    {
        if (column.Categories is not { } values || values.Count == column.Given || column.Column.Type is "FLOAT" or "DOUBLE" || column.Column.Type.StartsWith("DECIMAL", StringComparison.Ordinal))
            return null;
        var kwargs = new JsonObject { ["value_set"] = new JsonArray([.. values.OrderBy(value => value.Json, StringComparer.Ordinal).Select(value => JsonNode.Parse(value.Json))]) };
        if (values[^1].Rows < RareValue)
            kwargs["mostly"] = Math.Floor((1 - ((values.Count(value => value.Rows <= 2) + Room) * 2.0 / column.Given)) * 1000) / 1000;
        return kwargs["mostly"]?.GetValue<double>() <= 0.5 ? null : Of("expect_column_values_to_be_in_set", column, kwargs, "warning", "unknown");
    }

    /// <summary>Twice the distance of the outermost values from the middle; what was never negative is not expected to be.</summary>
    private static JsonObject? Range(ColumnFacts column)
    {
        if (column.Quantiles is null || column.Categories is not null)
            return null;
        var (low, high) = (double.Parse(column.Min!), double.Parse(column.Max!));
        if (!double.IsFinite(low) || !double.IsFinite(high))
            return null;
        var reach = Math.Max(high - low, Math.Abs(high));
        return Of(
            "expect_column_values_to_be_between", column,
            new() { ["min_value"] = low >= 0 ? 0 : Rounded(low - reach, up: false), ["max_value"] = high <= 0 ? 0 : Rounded(high + reach, up: true), ["mostly"] = 0.999 }, "warning", "out_of_range");
    }

    private static JsonObject? Length(ColumnFacts column) => column.ShortestText is { } shortest && column.LongestText is { } longest && column.Categories is null && column.Shape is null
        ? Of("expect_column_value_lengths_to_be_between", column, new() { ["min_value"] = shortest / 2, ["max_value"] = longest * 2, ["mostly"] = 0.999 }, "warning", "length")
        : null;

    private static JsonObject? Shape(ColumnFacts column) =>
        column.Shape is { Length: > 1 and <= LongestShape } shape && column.Categories is null && column.Given >= FewestRowsOfAKey
            ? Of("expect_column_values_to_match_regex", column, new() { ["regex"] = Regex(shape) }, "warning", "format")
            : null;

    /// <summary>The mean of another batch of as many rows varies √2 times as much as this one's does.</summary>
    private static JsonObject? Mean(ColumnFacts column)
    {
        if (column is not { Mean: { } mean, Deviation: { } deviation } || !double.IsFinite(mean) || !double.IsFinite(deviation) || column.Given < 30)
            return null;
        var room = Math.Max(Room * deviation * Math.Sqrt(2.0 / column.Given), Math.Abs(mean) / 100);
        return Of("expect_column_mean_to_be_between", column, new() { ["min_value"] = Rounded(mean - room, up: false), ["max_value"] = Rounded(mean + room, up: true) }, "warning", "mean");
    }

    private static JsonObject? Distribution(ColumnFacts column)
    {
        if (column.Given < FewestRowsOfADistribution)
            return null;
        if (column.Categories is { } values)
        {
            var weights = values.Select(value => (double)value.Rows / column.Given).ToList();
            return values.Count < 2 ? null : Of("expect_column_psi_to_be_less_than", column, new()
            {
                ["partition_object"] = new JsonObject { ["values"] = new JsonArray([.. values.Select(value => JsonNode.Parse(value.Json))]), ["weights"] = Weights(weights) },
            }, "warning", "distribution");
        }
        if (column.Parts is not var (edges, counts))
            return null;
        var shares = counts.Select(count => (double)count / column.Given).ToList();
        return Of("expect_column_psi_to_be_less_than", column, new()
        {
            ["partition_object"] = new JsonObject
            {
                ["bins"] = new JsonArray([.. edges.Select(edge => JsonValue.Create(edge))]), ["weights"] = Weights(shares[1..^1]), ["tail_weights"] = Weights([shares[0], shares[^1]]),
            },
        }, "warning", "distribution");
    }

    private static JsonObject Of(string type, ColumnFacts column, JsonObject kwargs, string severity, string issue)
    {
        kwargs.Insert(0, "column", column.Column.Name);
        return Expectation(type, kwargs, severity, issue);
    }

    private static JsonObject Expectation(string type, JsonObject kwargs, string severity, string code) =>
        new() { ["type"] = type, ["kwargs"] = kwargs, ["severity"] = severity, ["meta"] = new JsonObject { ["code"] = code } };

    /// <summary>Lower end of Wilson's score interval at 99.9 %.</summary>
    private static double WilsonLower(double share, long rows)
    {
        const double z = 3.2905;
        var middle = share + (z * z / (2 * rows));
        return (middle - (z * Math.Sqrt((share * (1 - share) / rows) + (z * z / (4.0 * rows * rows))))) / (1 + (z * z / rows));
    }

    /// <summary>Three significant digits, away from the data.</summary>
    private static double Rounded(double value, bool up)
    {
        if (value == 0 || !double.IsFinite(value))
            return 0;
        var unit = Math.Pow(10, Math.Floor(Math.Log10(Math.Abs(value))) - 2);
        var steps = up ? Math.Ceiling(value / unit) : Math.Floor(value / unit);
        // Multiplying by a power below one would leave digits behind.
        return unit < 1 ? Math.Round(steps * unit, (int)Math.Min(15, -Math.Floor(Math.Log10(unit)))) : steps * unit;
    }

    private static string Regex(string shape)
    {
        var regex = new StringBuilder("^");
        for (var start = 0; start < shape.Length;)
        {
            var end = start;
            while (end < shape.Length && shape[end] == shape[start])
                end++;
            regex.Append(shape[start] switch { '9' => "[0-9]", 'A' => "[A-Z]", 'a' => "[a-z]", var other => System.Text.RegularExpressions.Regex.Escape(other.ToString()) });
            if (end - start > 1)
                regex.Append($"{{{end - start}}}");
            start = end;
        }
        return regex.Append('$').ToString();
    }

    private static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(text => JsonValue.Create(text))];

    private static JsonArray Weights(IEnumerable<double> weights) => [.. weights.Select(weight => JsonValue.Create(Math.Round(weight, 6)))];

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotOfACode();
}
