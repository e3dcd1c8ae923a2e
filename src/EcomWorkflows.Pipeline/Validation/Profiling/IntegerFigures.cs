using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Statistics;

namespace EcomWorkflows.Pipeline.Validation.Profiling;

/// <summary>Figures and histogram of a column of whole numbers, gathered in one pass: DuckDB computes each of them apart, from the same values.</summary>
/// <param name="low">Where the histogram begins, as <see cref="ColumnFigures.Low"/>.</param>
/// <param name="high">Where it ends.</param>
/// <param name="countsDistinct">Whether to estimate the number of different values.</param>
internal sealed class IntegerFigures(double low, double high, bool countsDistinct)
{
    private readonly DistinctEstimate estimate = new();
    private readonly long[] bins = new long[ColumnFigures.HistogramBins];
    private readonly double width = ColumnFigures.BinWidth(low, high);
    private long[] given = [];
    private ulong[] hashes = [];
    private long min = long.MaxValue;
    private long max = long.MinValue;
    private Int128 sum;

    /// <summary>Rows with a value.</summary>
    public long Given { get; private set; }

    /// <summary>Different values, about; 0 where they are not counted.</summary>
    public long Distinct => estimate.Value;

    public long? Min => Given == 0 ? null : min;

    public long? Max => Given == 0 ? null : max;

    public double? Mean => Given == 0 ? null : (double)sum / Given;

    public IReadOnlyList<long> Bins => bins;

    /// <summary>Adds the values that are not null.</summary>
    public void Add(ReadOnlySpan<long> values, DuckDbValidity validity)
    {
        if (validity.MayBeNull)
            values = WithoutNulls(values, validity);
        Given += values.Length;
        AddToExtremes(values);
        AddToBins(values);
        if (countsDistinct)
            AddToEstimate(values);
    }

    private ReadOnlySpan<long> WithoutNulls(ReadOnlySpan<long> values, DuckDbValidity validity)
    {
        if (given.Length < values.Length)
            given = new long[values.Length];
        var count = 0;
        for (var row = 0; row < values.Length; row++)
        {
            given[count] = values[row];
            count += validity.IsKnown(row) ? 1 : 0;
        }
        return given.AsSpan(0, count);
    }

    private void AddToExtremes(ReadOnlySpan<long> values)
    {
        // In halves: neither can overflow for two billion values.
        long upper = 0, lower = 0;
        foreach (var value in values)
        {
            min = Math.Min(min, value);
            max = Math.Max(max, value);
            upper += value >> 32;
            lower += (uint)value;
        }
        sum += ((Int128)upper << 32) + lower;
    }

    private void AddToBins(ReadOnlySpan<long> values)
    {
        foreach (var value in values)
            bins[(int)Math.Min(ColumnFigures.HistogramBins - 1, Math.Max(0, (value - low) / width))]++;
    }

    private void AddToEstimate(ReadOnlySpan<long> values)
    {
        if (hashes.Length < values.Length)
            hashes = new ulong[values.Length];
        for (var row = 0; row < values.Length; row++)
            hashes[row] = Hash((ulong)values[row]);
        estimate.Add(hashes.AsSpan(0, values.Length));
    }

    /// <summary>The finalizer of MurmurHash3: each bit of the value changes half of the bits.</summary>
    private static ulong Hash(ulong value)
    {
        value = (value ^ (value >> 33)) * 0xFF51AFD7ED558CCDUL;
        value = (value ^ (value >> 33)) * 0xC4CEB9FE1A85EC53UL;
        return value ^ (value >> 33);
    }
}
