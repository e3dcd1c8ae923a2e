namespace EcomWorkflows.DuckDB;

/// <summary>Which values of one column in a chunk are not null; valid as long as the chunk is. The default one: all of them.</summary>
/// <param name="bits">One bit for each row, lowest first, 1 where it has a value; empty where all have.</param>
public readonly ref struct DuckDbValidity(ReadOnlySpan<ulong> bits)
{
    private readonly ReadOnlySpan<ulong> _bits = bits;

    /// <summary>Whether a value may be null; where not, nobody has to ask for each.</summary>
    public bool MayBeNull => !_bits.IsEmpty;

    public bool IsKnown(int row) => _bits.IsEmpty || (_bits[row >> 6] & (1UL << (row & 63))) != 0;
}
