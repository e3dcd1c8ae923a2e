using EcomWorkflows.DuckDB;

namespace EcomWorkflows.Pipeline.Training;

/// <summary>Turns the column chunks of a query into rows of single-precision numbers.</summary>
internal static class FeatureBlockReader
{
    /// <summary>Select list that yields the features as <c>float</c> columns.</summary>
    internal static string SelectList(IEnumerable<string> features) => string.Join(", ", features.Select(feature => $"{TrainingSetSql.Quote(feature)}::float"));

    /// <summary>Copies the current chunk's feature columns into rows; null becomes NaN.</summary>
    /// <param name="firstOrdinal">Of the first feature column; the others follow it.</param>
    /// <param name="rows">Room for chunk rows × <paramref name="columns"/> numbers.</param>
    internal static void CopyChunk(DuckDbReader reader, int firstOrdinal, int columns, Span<float> rows)
    {
        int count = reader.ChunkRows;
        for (int column = 0; column < columns; column++)
        {
            ReadOnlySpan<float> values = reader.Column<float>(firstOrdinal + column);
            ReadOnlySpan<ulong> validity = reader.Validity(firstOrdinal + column);
            for (int row = 0; row < count; row++)
            {
                bool known = validity.IsEmpty || (validity[row >> 6] & (1UL << (row & 63))) != 0;
                rows[(row * columns) + column] = known ? values[row] : float.NaN;
            }
        }
    }
}
