using System.Globalization;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Statistics;

namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>Columns of a table with their statistics, in four passes over its files at the most; the first looks only at the footers of Parquet files, two only at some columns.</summary>
internal static class TableStatistics
{
    private const int MostTextLength = 100;

    private const long FewValues = 100;

    /// <summary>Sums and squares of smaller numbers stay finite.</summary>
    private const double Largest = 1e150;

    /// <param name="scan">Table expression over the table's files.</param>
    public static IReadOnlyList<DatasetColumn> Read(DuckDbConnection duckDb, string scan, CancellationToken cancellationToken)
    {
        var columns = Columns(duckDb, scan, cancellationToken);
        if (columns.Count == 0)
            return columns;
        var bounds = Bounds(duckDb, scan, columns, cancellationToken);
        columns = Count(duckDb, scan, columns, WithTexts(duckDb, scan, columns, bounds, cancellationToken), cancellationToken);
        return CountFew(duckDb, scan, columns, cancellationToken);
    }

    /// <summary>Estimates how many different values each column has and sums up the numbers, in one pass.</summary>
    private static IReadOnlyList<DatasetColumn> Count(
        DuckDbConnection duckDb, string scan, IReadOnlyList<DatasetColumn> columns, ColumnBounds[] bounds, CancellationToken cancellationToken)
    {
        DistinctEstimate?[] distinct = [.. bounds.Select(b => b.Distinct is null ? new DistinctEstimate() : null)];
        ShiftedMoments?[] moments = [.. columns.Zip(bounds, (column, found) => IsNumber(column.Type) ? new ShiftedMoments(found.Origin) : null)];
        var hashed = Indexes(distinct);
        var summed = Indexes(moments);
        if (hashed.Length + summed.Length > 0)
        {
            var expressions = hashed.Select(i => $"hash({DuckDbSql.Identifier(columns[i].Name)})").Concat(summed.Select(i => Number(columns[i], bounds[i])));
            using var rows = duckDb.Query($"select {string.Join(", ", expressions)} from {scan}", ct: cancellationToken);
            while (rows.NextChunk())
            {
                foreach (var (place, i) in hashed.Index())
                    distinct[i]!.Add(rows.Column<ulong>(place)[..rows.ChunkRows]);
                foreach (var (place, i) in summed.Index())
                    moments[i]!.Add(rows.Column<double>(hashed.Length + place)[..rows.ChunkRows], rows.Validity(hashed.Length + place));
            }
        }
        return [.. columns.Select((column, i) => column with
        {
            Statistics = new ColumnStatistics(
                bounds[i].Rows == 0 ? 0 : 1 - ((double)bounds[i].Present / bounds[i].Rows),
                // The estimate may be above what there is.
                Math.Min(bounds[i].Distinct ?? distinct[i]!.Value, bounds[i].Present),
                bounds[i].Least, bounds[i].Most, moments[i]?.Mean, moments[i]?.StandardDeviation),
        })];

        static int[] Indexes<T>(T?[] found)
            where T : class => [.. Enumerable.Range(0, found.Length).Where(i => found[i] is not null)];
    }

    /// <summary>The bounds with the least and most of texts, which no footer tells.</summary>
    private static ColumnBounds[] WithTexts(
        DuckDbConnection duckDb, string scan, IReadOnlyList<DatasetColumn> columns, ColumnBounds[] bounds, CancellationToken cancellationToken)
    {
        int[] texts = [.. Enumerable.Range(0, columns.Count).Where(i => !HasBounds(columns[i]) && !IsNested(columns[i]) && bounds[i].Present > 0)];
        if (texts.Length == 0)
            return bounds;
        using var reader = duckDb.Query($"select {string.Join(", ", texts.Select(i => LeastAndMost(columns[i])))} from {scan}", ct: cancellationToken);
        reader.Read();
        ColumnBounds[] complete = [.. bounds];
        foreach (var (place, i) in texts.Index())
            complete[i] = bounds[i] with { Least = reader.Get<string?>(2 * place), Most = reader.Get<string?>((2 * place) + 1) };
        return complete;
    }

    /// <summary>How many values each column has, and between which they lie where it holds numbers or times: what Parquet's footers tell.</summary>
    private static ColumnBounds[] Bounds(DuckDbConnection duckDb, string scan, IReadOnlyList<DatasetColumn> columns, CancellationToken cancellationToken)
    {
        const int Each = 3;
        using var reader = duckDb.Query(
            $"""
            select count(*),
              {string.Join(",\n  ", columns.Select(c => $"count({DuckDbSql.Identifier(c.Name)}), {(HasBounds(c) ? LeastAndMost(c) : "null::varchar, null::varchar")}"))}
            from {scan}
            """,
            ct: cancellationToken);
        reader.Read();
        var rows = reader.Get<long>(0);
        return [.. columns.Select((_, i) => new ColumnBounds(rows, reader.Get<long>(1 + (i * Each)), reader.Get<string?>(2 + (i * Each)), reader.Get<string?>(3 + (i * Each))))];
    }

    /// <summary>Counts exactly where the estimate says there are few values: there it is least to be trusted, and counting costs least.</summary>
    private static IReadOnlyList<DatasetColumn> CountFew(DuckDbConnection duckDb, string scan, IReadOnlyList<DatasetColumn> columns, CancellationToken cancellationToken)
    {
        var few = columns.Where(c => c.Statistics is { Distinct: > 0 and <= FewValues } found && !IsOne(found.Min, found.Max)).ToList();
        if (few.Count == 0)
            return columns;
        using var reader = duckDb.Query($"select {string.Join(", ", few.Select(c => $"count(distinct {DuckDbSql.Identifier(c.Name)})"))} from {scan}", ct: cancellationToken);
        reader.Read();
        var exact = few.Select((c, i) => (c.Name, Count: reader.Get<long>(i))).ToDictionary(c => c.Name, c => c.Count, StringComparer.Ordinal);
        return [.. columns.Select(c => exact.TryGetValue(c.Name, out var count) ? c with { Statistics = c.Statistics! with { Distinct = count } } : c)];
    }

    /// <summary>Names and types of a table's columns.</summary>
    public static IReadOnlyList<DatasetColumn> Columns(DuckDbConnection duckDb, string scan, CancellationToken cancellationToken) =>
        duckDb.QueryRows(
            $"select column_name, column_type from (describe select * from {scan})",
            row => new DatasetColumn(row.Get<string>(0), row.Get<string>(1)), ct: cancellationToken);

    /// <summary>Whether a type is a number whose mean means something.</summary>
    public static bool IsNumber(string type) =>
        type is "TINYINT" or "SMALLINT" or "INTEGER" or "BIGINT" or "HUGEINT" or "UTINYINT" or "USMALLINT" or "UINTEGER" or "UBIGINT" or "UHUGEINT" or "FLOAT" or "DOUBLE"
        || type.StartsWith("DECIMAL", StringComparison.Ordinal);

    /// <summary>A number as a double that sums and squares stay finite with; null for the others.</summary>
    public static string Finite(string column) => $"case when abs({column}::double) < {Largest.ToString("R", CultureInfo.InvariantCulture)} then {column}::double end";

    private static string Number(DatasetColumn column, ColumnBounds bounds) =>
        bounds.AreWithin(Largest) ? $"{DuckDbSql.Identifier(column.Name)}::double" : Finite(DuckDbSql.Identifier(column.Name));

    private static string LeastAndMost(DatasetColumn column) =>
        $"left(min({DuckDbSql.Identifier(column.Name)})::varchar, {MostTextLength}), left(max({DuckDbSql.Identifier(column.Name)})::varchar, {MostTextLength})";

    // Of texts, a footer may hold no more than a beginning.
    private static bool HasBounds(DatasetColumn column) => IsNumber(column.Type) || column.Type is "BOOLEAN" or "DATE" || column.Type.StartsWith("TIMESTAMP", StringComparison.Ordinal);

    private static bool IsNested(DatasetColumn column) =>
        column.Type.EndsWith(']') || column.Type.StartsWith("STRUCT", StringComparison.Ordinal) || column.Type.StartsWith("MAP", StringComparison.Ordinal);

    /// <summary>Whether least and most show that all values are the same.</summary>
    private static bool IsOne(string? least, string? most) => least is { Length: < MostTextLength } && least == most;

    /// <param name="Present">Values that are not null.</param>
    /// <param name="Least">As text; null where there is none, or it is not known yet.</param>
    private sealed record ColumnBounds(long Rows, long Present, string? Least, string? Most)
    {
        /// <summary>How many different values there are, where that needs no counting.</summary>
        public long? Distinct => Present == 0 ? 0 : IsOne(Least, Most) ? 1 : null;

        /// <summary>A number among the values, or 0: sums are of the distances from it.</summary>
        public double Origin => double.TryParse(Least, CultureInfo.InvariantCulture, out var least) && Math.Abs(least) < Largest ? least : 0;

        /// <summary>Whether all values are numbers of at most this size.</summary>
        public bool AreWithin(double size) => Present == 0 || (IsWithin(Least, size) && IsWithin(Most, size));

        private static bool IsWithin(string? text, double size) => double.TryParse(text, CultureInfo.InvariantCulture, out var value) && Math.Abs(value) < size;
    }
}
