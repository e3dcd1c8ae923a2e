using EcomWorkflows.Pipeline.Training;

namespace EcomWorkflows.Pipeline.Tests.Training;

/// <summary>A seeded large table with few positives. Feature <c>fK</c> is higher for positives by K standard deviations; <c>cart_open</c> is 1 for few rows, and for more of the positives.</summary>
internal static class RarePositives
{
    internal static readonly string[] Names = ["f0", "f1", "f2", "f3", "cart_open"];

    internal static LabelledTable Make(int rows, int positives, int seed = 1)
    {
        var random = new Random(seed);
        int[] order = [.. Enumerable.Range(0, rows)];
        random.Shuffle(order);
        bool[] labels = new bool[rows];
        foreach (int row in order.AsSpan(0, positives))
            labels[row] = true;
        float[] values = new float[rows * Names.Length];
        for (int row = 0; row < rows; row++)
        {
            for (int shift = 0; shift < 4; shift++)
                values[(row * Names.Length) + shift] = (float)Normal(random) + (labels[row] ? shift : 0);
            values[(row * Names.Length) + 4] = random.NextDouble() < (labels[row] ? 0.25 : 0.02) ? 1 : 0;
        }

        return new LabelledTable(new FeatureTable(Names, values, rows), labels);
    }

    /// <summary>The table's rows ranked by one feature, as probabilities.</summary>
    internal static float[] Scores(LabelledTable table, int column) =>
        [.. Enumerable.Range(0, table.Rows).Select(row => 1 / (1 + MathF.Exp(8 - (2 * table.Features.Row(row)[column]))))];

    /// <summary>How often a row is drawn, Poisson(1).</summary>
    internal static int Draw(Random random)
    {
        (double rest, double probability, int times) = (random.NextDouble(), Math.Exp(-1), 0);
        while (rest >= probability)
        {
            rest -= probability;
            times++;
            probability /= times;
        }

        return times;
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
