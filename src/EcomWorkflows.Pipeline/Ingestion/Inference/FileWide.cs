namespace EcomWorkflows.Pipeline.Ingestion.Inference;

/// <summary>
/// Makes columns that were looked at one by one fit what a format can say only once for the whole file: patterns of times, the decimal mark, texts that mean no value. What would
/// silently change values of another column is said in the columns' descriptions.
/// </summary>
internal static class FileWide
{
    public static IReadOnlyList<InferredColumn> Settle(IReadOnlyList<InferredColumn> columns)
    {
        var comma = columns.Count(column => column.DecimalComma) >= columns.Count(column => column.DecimalPoint);
        var nulls = columns.SelectMany(column => column.Nulls).ToHashSet(StringComparer.Ordinal);
        return [.. columns.Select(column => OneOrder(column, columns)).Select(column => OneDecimal(column, columns, comma)).Select(column => Told(column, nulls))];
    }

    /// <summary>A column whose days and months are not told apart has the order of one in which they are; two sure orders cannot be read by one list of patterns.</summary>
    private static InferredColumn OneOrder(InferredColumn column, IReadOnlyList<InferredColumn> columns)
    {
        var sure = columns.Where(other => other.Column.Type == column.Column.Type && other.Pattern is not null && other.OtherPattern is null).ToList();
        if (column.OtherPattern is { } other)
        {
            return sure.Exists(one => one.Pattern == other) && !sure.Exists(one => one.Pattern == column.Pattern)
                ? column with { Pattern = other, OtherPattern = null, Column = column.Column with { Description = null } }
                : column;
        }
        var exchanged = column.Pattern is { } pattern ? Exchanged(pattern) : null;
        return exchanged is not null && sure.FirstOrDefault(one => one.Pattern == exchanged) is { } opposite && Precedes(opposite, column, columns)
            ? Text(column, $"Has the form {column.Pattern}, and column {opposite.Column.Name} the form {exchanged}: kept as text, so that days and months are not confused. In the silver SQL: strptime(…, '{column.Pattern}')")
            : column;
    }

    private static InferredColumn OneDecimal(InferredColumn column, IReadOnlyList<InferredColumn> columns, bool comma)
    {
        var isOther = comma ? column.DecimalPoint : column.DecimalComma;
        if (!isOther || !columns.Any(one => comma ? one.DecimalComma : one.DecimalPoint))
            return column;
        return Text(column, comma
            ? "Numbers with a decimal point, while others of the file have a comma: kept as text. In the silver SQL: cast(… as double)"
            : "Numbers with a decimal comma, while others of the file have a point: kept as text. In the silver SQL: cast(replace(…, ',', '.') as double)");
    }

    private static InferredColumn Told(InferredColumn column, HashSet<string> nulls)
    {
        var lost = column.Lookalikes.Where(nulls.Contains).ToList();
        return lost.Count == 0
            ? column
            : column with { Column = column.Column with { Description = $"Has {string.Join(", ", lost.Select(text => $"'{text}'"))}, which means no value in other columns of the file: where it is a value here, take it out of \"nulls\"" } };
    }

    private static InferredColumn Text(InferredColumn column, string why) =>
        column with { Column = column.Column with { Type = "varchar", Description = why }, Pattern = null, DecimalComma = false, DecimalPoint = false, Nulls = [] };

    private static bool Precedes(InferredColumn first, InferredColumn second, IReadOnlyList<InferredColumn> columns) =>
        columns.TakeWhile(column => column != second).Contains(first);

    private static string? Exchanged(string pattern) =>
        pattern.Contains("%d/%m", StringComparison.Ordinal) ? pattern.Replace("%d/%m", "%m/%d", StringComparison.Ordinal)
        : pattern.Contains("%m/%d", StringComparison.Ordinal) ? pattern.Replace("%m/%d", "%d/%m", StringComparison.Ordinal)
        : null;
}
