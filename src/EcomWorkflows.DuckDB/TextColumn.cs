namespace EcomWorkflows.DuckDB;

/// <summary>The texts of one column in a reader's current chunk, as UTF-8 in DuckDB's memory; valid as long as the chunk is.</summary>
public readonly unsafe ref struct TextColumn
{
    private const int InlineLength = 12;

    private readonly byte* _texts;
    private readonly ulong* _validity;
    private readonly int _rows;

    internal TextColumn(byte* texts, ulong* validity, int rows)
    {
        _texts = texts;
        _validity = validity;
        _rows = rows;
    }

    /// <summary>The text of a row; empty for NULL.</summary>
    public ReadOnlySpan<byte> this[int row]
    {
        get
        {
            if (IsNull(row))
                return [];
            // duckdb_string_t: length, then up to 12 bytes in place or a 4-byte prefix and a pointer.
            var text = _texts + (row * 16L);
            var length = *(int*)text;
            return new ReadOnlySpan<byte>(length <= InlineLength ? text + 4 : *(byte**)(text + 8), length);
        }
    }

    public bool IsNull(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)_rows, nameof(row));
        return _validity != null && (_validity[row >> 6] & (1UL << (row & 63))) == 0;
    }
}
