using EcomWorkflows.DuckDB.Vectors;

namespace EcomWorkflows.DuckDB;

/// <summary>The slots of one column in the rows of a <see cref="DuckDbRowWriter"/> that are not ended yet, valid until they are. Rows count from the first of them.</summary>
public readonly ref struct DuckDbColumnSlots
{
    private readonly ColumnWriter _column;
    private readonly int _first;

    internal DuckDbColumnSlots(ColumnWriter column, int first, int rows) => (_column, _first, Rows) = (column, first, rows);

    public int Rows { get; }

    /// <summary>The values of a BIGINT column, to be written in place.</summary>
    /// <exception cref="InvalidCastException">The column is of another type.</exception>
    public Span<long> BigInts() => _column.BigInts(_first, Rows);

    /// <summary>The values of a DOUBLE column, to be written in place.</summary>
    /// <exception cref="InvalidCastException">The column is of another type.</exception>
    public Span<double> Doubles() => _column.Doubles(_first, Rows);

    public void Null(int row) => _column.Null(Slot(row));

    /// <summary>A text given as UTF-8 that is known to be valid.</summary>
    /// <exception cref="InvalidCastException">The column is of another type.</exception>
    public void ValidUtf8(int row, ReadOnlySpan<byte> text) => _column.ValidText(Slot(row), text);

    private int Slot(int row) => (uint)row < (uint)Rows
        ? _first + row
        : throw new ArgumentOutOfRangeException(nameof(row), row, $"{Rows} more rows can be written before they are ended.");
}
