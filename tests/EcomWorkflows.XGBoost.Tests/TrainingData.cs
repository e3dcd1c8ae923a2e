namespace EcomWorkflows.XGBoost.Tests;

/// <summary>A small seeded problem in which the first two of five columns matter.</summary>
internal sealed record TrainingData(float[] Values, float[] Labels, int Rows)
{
    internal const int Columns = 5;

    internal static readonly string[] Names = ["recency_days", "orders_90d", "größe", "noise 1", "noise_2"];

    internal static readonly Dictionary<string, string> Parameters = new()
    {
        ["objective"] = "binary:logistic",
        ["max_depth"] = "3",
        ["eta"] = "0.3",
        ["subsample"] = "0.8",
        ["tree_method"] = "hist",
        ["seed"] = "7",
        ["nthread"] = "1",
    };

    internal static TrainingData Make(int rows = 400, int seed = 1)
    {
        var random = new Random(seed);
        float[] values = new float[rows * Columns];
        float[] labels = new float[rows];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < Columns; column++)
                values[(row * Columns) + column] = random.NextSingle();
            double score = (3 * values[row * Columns]) - (2 * values[(row * Columns) + 1]) + random.NextDouble() - 1;
            labels[row] = score > 0 ? 1 : 0;
        }

        return new TrainingData(values, labels, rows);
    }

    internal DMatrix ToMatrix()
    {
        DMatrix matrix = DMatrix.FromDense(Values, Rows, Columns);
        matrix.SetLabels(Labels);
        matrix.FeatureNames = Names;
        return matrix;
    }

    internal static Booster Train(DMatrix matrix, int rounds = 10, IReadOnlyDictionary<string, string>? changed = null)
    {
        var parameters = new Dictionary<string, string>(Parameters);
        foreach ((string name, string value) in changed ?? new Dictionary<string, string>())
            parameters[name] = value;
        Booster booster = Booster.Create(parameters, matrix);
        for (int round = 0; round < rounds; round++)
            booster.Update(round, matrix);
        return booster;
    }
}
