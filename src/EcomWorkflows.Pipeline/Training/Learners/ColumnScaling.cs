namespace EcomWorkflows.Pipeline.Training.Learners;

/// <summary>How one column is prepared for a linear model, learned from training rows only.</summary>
/// <param name="Log">Take log(1 + x) first (values below 0 count as 0).</param>
/// <param name="Mean">Of the training rows after the logarithm; also stands in for missing values.</param>
/// <param name="Deviation">Population standard deviation after the logarithm; 1 for a constant column.</param>
public sealed record ColumnScaling(bool Log, double Mean, double Deviation)
{
    /// <summary>From this skewness on a non-negative column is taken logarithmically: its long tail would otherwise decide the coefficient.</summary>
    public const double LogFromSkewness = 0.5;

    public double Apply(float value)
    {
        if (float.IsNaN(value))
            return 0;
        double shaped = Log ? Math.Log(1 + Math.Max(0.0, value)) : value;
        return (shaped - Mean) / Deviation;
    }

    /// <summary>Learns the preparation of one column.</summary>
    /// <exception cref="ArgumentException">The column holds an infinite value.</exception>
    public static ColumnScaling Fit(FeatureTable table, int column)
    {
        (double mean, double deviation, double skewness, double minimum, bool binary) = Moments(table, column, log: false);
        if (!binary && minimum >= 0 && skewness > LogFromSkewness)
        {
            (mean, deviation, _, _, _) = Moments(table, column, log: true);
            return new ColumnScaling(true, mean, deviation);
        }

        return new ColumnScaling(false, mean, deviation);
    }

    private static (double Mean, double Deviation, double Skewness, double Minimum, bool Binary) Moments(FeatureTable table, int column, bool log)
    {
        (long count, double sum, double minimum, bool binary) = (0, 0, double.PositiveInfinity, true);
        for (int i = column; i < table.Values.Length; i += table.Columns)
        {
            float value = table.Values[i];
            if (float.IsNaN(value))
                continue;
            if (!float.IsFinite(value))
                throw new ArgumentException($"Feature '{table.Names[column]}' holds an infinite value in row {i / table.Columns}.", nameof(table));
            count++;
            minimum = Math.Min(minimum, value);
            binary &= value is 0 or 1;
            sum += log ? Math.Log(1 + Math.Max(0.0, value)) : value;
        }

        if (count == 0)
            return (0, 1, 0, 0, true);

        double mean = sum / count;
        (double squares, double cubes) = (0, 0);
        for (int i = column; i < table.Values.Length; i += table.Columns)
        {
            float value = table.Values[i];
            if (float.IsNaN(value))
                continue;
            double distance = (log ? Math.Log(1 + Math.Max(0.0, value)) : value) - mean;
            squares += distance * distance;
            cubes += distance * distance * distance;
        }

        double deviation = Math.Sqrt(squares / count);
        // Rounding leaves a constant column a deviation of about 1e-16 of its size; dividing by that would invent a signal.
        if (deviation <= 1e-9 * Math.Max(1, Math.Abs(mean)))
            return (mean, 1, 0, minimum, binary);
        return (mean, deviation, cubes / count / (deviation * deviation * deviation), minimum, binary);
    }
}
