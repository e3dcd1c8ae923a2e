using EcomWorkflows.DuckDB;

namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>Mean and deviation of numbers, summed as distances from one of them: large numbers close together lose nothing.</summary>
/// <param name="origin">A number among or near them.</param>
internal sealed class ShiftedMoments(double origin)
{
    private long count;
    private double sum;
    private double squares;

    public double? Mean => count == 0 ? null : origin + (sum / count);

    /// <summary>Of the whole population.</summary>
    public double? StandardDeviation => count == 0 ? null : Math.Sqrt(Math.Max(0, (squares - (sum * sum / count)) / count));

    /// <summary>Adds the values that are not null.</summary>
    public void Add(ReadOnlySpan<double> values, DuckDbValidity validity)
    {
        var (added, distances, squared) = (0L, 0.0, 0.0);
        for (var row = 0; row < values.Length; row++)
        {
            if (!validity.IsKnown(row))
                continue;
            var distance = values[row] - origin;
            added++;
            distances += distance;
            squared += distance * distance;
        }
        (count, sum, squares) = (count + added, sum + distances, squares + squared);
    }
}
