using System.Numerics;
using System.Runtime.InteropServices;
using EcomWorkflows.DuckDB;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>What describes a feature, collected chunk by chunk.</summary>
internal sealed class FeatureMoments
{
    /// <summary>Values that are not null; NaN, which is no number, counts here and nowhere else.</summary>
    public long Count { get; private set; }

    public double Sum { get; private set; }

    public double Squares { get; private set; }

    /// <summary>The least; null without a number. Likewise <see cref="Max"/>.</summary>
    public double? Min { get; private set; }

    public double? Max { get; private set; }

    /// <summary>The numbers of the rows chosen.</summary>
    public List<double> Sample { get; } = [];

    /// <param name="sampled">The rows that belong to the sample.</param>
    public void Add(ReadOnlySpan<double> values, DuckDbValidity validity, ReadOnlySpan<int> sampled)
    {
        if (validity.MayBeNull || !TryAddNumbers(values))
            AddKnown(values, validity);
        foreach (var row in sampled)
            if (validity.IsKnown(row) && !double.IsNaN(values[row]))
                Sample.Add(values[row]);
    }

    /// <summary>Adds values that are all numbers, as most are: several at the same time, without a question about each.</summary>
    private bool TryAddNumbers(ReadOnlySpan<double> values)
    {
        var (sums, squares) = (Vector<double>.Zero, Vector<double>.Zero);
        var (least, most) = (new Vector<double>(double.PositiveInfinity), new Vector<double>(double.NegativeInfinity));
        var vectors = MemoryMarshal.Cast<double, Vector<double>>(values);
        foreach (var several in vectors)
        {
            sums += several;
            squares += several * several;
            least = Vector.Min(least, several);
            most = Vector.Max(most, several);
        }
        var (sum, square) = (Vector.Sum(sums), Vector.Sum(squares));
        var (min, max) = (double.PositiveInfinity, double.NegativeInfinity);
        for (var lane = 0; lane < Vector<double>.Count; lane++)
            (min, max) = (Math.Min(min, least[lane]), Math.Max(max, most[lane]));
        foreach (var value in values[(vectors.Length * Vector<double>.Count)..])
        {
            sum += value;
            square += value * value;
            (min, max) = (Math.Min(min, value), Math.Max(max, value));
        }
        // Among numbers there is no other way to it than two infinite ones; those may be looked at one by one as well.
        if (double.IsNaN(sum))
            return false;
        Add(values.Length, sum, square, min, max);
        return true;
    }

    private void AddKnown(ReadOnlySpan<double> values, DuckDbValidity validity)
    {
        var (count, sum, squares) = (0L, 0.0, 0.0);
        var (min, max) = (double.PositiveInfinity, double.NegativeInfinity);
        for (var row = 0; row < values.Length; row++)
        {
            if (!validity.IsKnown(row))
                continue;
            count++;
            var value = values[row];
            if (double.IsNaN(value))
                continue;
            sum += value;
            squares += value * value;
            min = value < min ? value : min;
            max = value > max ? value : max;
        }
        Add(count, sum, squares, min, max);
    }

    private void Add(long count, double sum, double squares, double min, double max)
    {
        (Count, Sum, Squares) = (Count + count, Sum + sum, Squares + squares);
        if (min <= max)
            (Min, Max) = (Math.Min(Min ?? min, min), Math.Max(Max ?? max, max));
    }
}
