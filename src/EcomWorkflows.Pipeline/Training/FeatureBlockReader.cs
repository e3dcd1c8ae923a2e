using EcomWorkflows.DuckDB;

namespace EcomWorkflows.Pipeline.Training;

/// <summary>Turns the column chunks of a query into rows of single-precision numbers.</summary>
internal static class FeatureBlockReader
{
    /// <summary>Select list that yields the features as <c>float</c> or <c>double</c> columns.</summary>
    /// <param name="doubles">Features known to be <c>double</c> columns: they are read as they are, for DuckDB's conversion looks at each number twice.</param>
    internal static string SelectList(IEnumerable<string> features, IReadOnlySet<string>? doubles = null) =>
        string.Join(", ", features.Select(feature => doubles?.Contains(feature) == true ? TrainingSetSql.Quote(feature) : $"{TrainingSetSql.Quote(feature)}::float"));

    /// <summary>The features that a table expression has as <c>double</c> columns, for <see cref="SelectList"/>.</summary>
    internal static IReadOnlySet<string> Doubles(DuckDbConnection duckdb, string table, CancellationToken cancellationToken) =>
        duckdb.QueryRows($"describe select * from {table}", row => (Name: row.Get<string>(0)!, Type: row.Get<string>(1)), ct: cancellationToken)
            .Where(column => column.Type == "DOUBLE").Select(column => column.Name).ToHashSet();

    /// <summary>Copies the current chunk's feature columns into rows; null becomes NaN.</summary>
    /// <param name="firstOrdinal">Of the first feature column; the others follow it.</param>
    /// <param name="rows">Room for chunk rows × <paramref name="columns"/> numbers.</param>
    internal static void CopyChunk(DuckDbReader reader, int firstOrdinal, int columns, Span<float> rows)
    {
        Span<float> narrowed = stackalloc float[reader.ChunkRows];
        for (int column = 0; column < columns; column++)
        {
            int ordinal = firstOrdinal + column;
            ReadOnlySpan<float> values = reader.GetFieldType(ordinal) == DuckDbType.Double ? Narrowed(reader.Column<double>(ordinal), narrowed) : reader.Column<float>(ordinal);
            DuckDbValidity validity = reader.Validity(ordinal);
            if (validity.MayBeNull)
                SpreadKnown(values, validity, rows[column..], columns);
            else
                Spread(values, rows[column..], columns);
        }
    }

    private static void Spread(ReadOnlySpan<float> values, Span<float> rows, int columns)
    {
        for (int row = 0; row < values.Length; row++)
            rows[row * columns] = values[row];
    }

    private static void SpreadKnown(ReadOnlySpan<float> values, DuckDbValidity validity, Span<float> rows, int columns)
    {
        for (int row = 0; row < values.Length; row++)
            rows[row * columns] = validity.IsKnown(row) ? values[row] : float.NaN;
    }

    private static Span<float> Narrowed(ReadOnlySpan<double> values, Span<float> target)
    {
        for (int row = 0; row < values.Length; row++)
            target[row] = (float)values[row];
        return target;
    }
}
