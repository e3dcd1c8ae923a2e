namespace EcomWorkflows.Pipeline.Training.Learners;

/// <summary>How one column is prepared for a linear model, learned from training rows only.</summary>
/// <param name="Log">Take log(1 + x) first (values below 0 count as 0).</param>
/// <param name="Mean">Of the training rows after the logarithm; also stands in for missing values.</param>
/// <param name="Deviation">Population standard deviation after the logarithm; 1 for a constant column.</param>
public sealed record ColumnScaling(bool Log, double Mean, double Deviation)
{
    /// <summary>From this skewness on a non-negative column is taken logarithmically: its long tail would otherwise decide the coefficient.</summary>
    public const double LogFromSkewness = 0.5;

    /// <summary>log(1 + x) of small whole numbers: most columns with a long tail are counts.</summary>
    private static readonly double[] LogsOfCounts = [.. Enumerable.Range(0, 1024).Select(count => Math.Log(1.0 + count))];

    public double Apply(float value)
    {
        if (float.IsNaN(value))
            return 0;
        double shaped = Log ? LogOf(Math.Max(0.0, value)) : value;
        return (shaped - Mean) / Deviation;
    }

    /// <summary>Learns the preparation of one column.</summary>
    /// <exception cref="ArgumentException">The column holds an infinite value.</exception>
    public static ColumnScaling Fit(FeatureTable table, int column)
    {
        double[] values = Column(table, column);
        (double mean, double deviation, double skewness, double minimum, bool binary) = Moments(values);
        if (!binary && minimum >= 0 && skewness > LogFromSkewness)
        {
            for (int i = 0; i < values.Length; i++)
                values[i] = LogOf(values[i]);
            (mean, deviation, _, _, _) = Moments(values);
            return new ColumnScaling(true, mean, deviation);
        }

        return new ColumnScaling(false, mean, deviation);
    }

    /// <param name="value">0 or more, or NaN.</param>
    private static double LogOf(double value)
    {
        int count = (int)value;
        return (uint)count < (uint)LogsOfCounts.Length && count == value ? LogsOfCounts[count] : Math.Log(1 + value);
    }

    // Side by side: the passes over it would otherwise read the whole table each.
    private static double[] Column(FeatureTable table, int column)
    {
        double[] values = new double[table.Rows];
        for (int row = 0; row < values.Length; row++)
        {
            float value = table.Values[(row * table.Columns) + column];
            if (float.IsInfinity(value))
                throw new ArgumentException($"Feature '{table.Names[column]}' holds an infinite value in row {row}.", nameof(table));
            values[row] = value;
        }

        return values;
    }

    private static (double Mean, double Deviation, double Skewness, double Minimum, bool Binary) Moments(double[] values)
    {
        (long count, double sum, double minimum, bool binary) = (0, 0, double.PositiveInfinity, true);
        foreach (double value in values)
        {
            if (double.IsNaN(value))
                continue;
            count++;
            minimum = Math.Min(minimum, value);
            binary &= value is 0 or 1;
            sum += value;
        }

        if (count == 0)
            return (0, 1, 0, 0, true);

        double mean = sum / count;
        (double squares, double cubes) = (0, 0);
        foreach (double value in values)
        {
            if (double.IsNaN(value))
                continue;
            double distance = value - mean;
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
