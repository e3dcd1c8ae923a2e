using EcomWorkflows.DuckDB;

namespace EcomWorkflows.Pipeline.Preparation;

/// <summary>How many rows there are, and a sum over where they come from: with both equal, the same rows came out that went in, in whatever order.</summary>
/// <param name="Sum">Of a hash of each row's file and line, modulo 2^64.</param>
internal readonly record struct RowPlaces(long Rows, ulong Sum)
{
    public static RowPlaces operator +(RowPlaces one, RowPlaces other) => new(one.Rows + other.Rows, unchecked(one.Sum + other.Sum));

    /// <param name="files">Hash of the name of each row's file.</param>
    /// <param name="lines">Of each row.</param>
    /// <param name="given">Which of them have a line.</param>
    public static RowPlaces Of(ReadOnlySpan<ulong> files, ReadOnlySpan<long> lines, DuckDbValidity given)
    {
        var sum = 0UL;
        for (var row = 0; row < lines.Length; row++)
        {
            var line = given.IsKnown(row) ? lines[row] : long.MinValue;
            sum = unchecked(sum + Mix(files[row] ^ Mix((ulong)line)));
        }
        return new RowPlaces(lines.Length, sum);
    }

    /// <summary>The finalizer of MurmurHash3: every bit of the argument changes half of the result's.</summary>
    private static ulong Mix(ulong value)
    {
        unchecked
        {
            value = (value ^ (value >> 33)) * 0xff51afd7ed558ccd;
            value = (value ^ (value >> 33)) * 0xc4ceb9fe1a85ec53;
            return value ^ (value >> 33);
        }
    }
}
