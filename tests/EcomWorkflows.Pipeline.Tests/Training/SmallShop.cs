using EcomWorkflows.Pipeline.Training;

namespace EcomWorkflows.Pipeline.Tests.Training;

/// <summary>Seeded customers whose churn depends on recency and orders; money has a long tail, one column is noise, one is sometimes missing.</summary>
internal static class SmallShop
{
    internal static readonly string[] Names = ["recency_days", "orders_90d", "monetary", "noise", "review_score", "is_uk"];

    internal static LabelledTable Make(int rows = 600, int seed = 1)
    {
        var random = new Random(seed);
        float[] values = new float[rows * Names.Length];
        bool[] labels = new bool[rows];
        for (int row = 0; row < rows; row++)
        {
            float recency = random.NextSingle() * 200;
            int orders = random.Next(0, 6);
            values[row * Names.Length] = recency;
            values[(row * Names.Length) + 1] = orders;
            values[(row * Names.Length) + 2] = MathF.Exp(2 + (3 * random.NextSingle()) + (orders / 3f));
            values[(row * Names.Length) + 3] = random.NextSingle();
            values[(row * Names.Length) + 4] = random.Next(3) == 0 ? float.NaN : random.Next(1, 6);
            values[(row * Names.Length) + 5] = random.Next(2);
            double risk = 1 / (1 + Math.Exp(-((recency / 40) - (orders * 0.8) - 1)));
            labels[row] = random.NextDouble() < risk;
        }

        return new LabelledTable(new FeatureTable(Names, values, rows), labels);
    }
}
