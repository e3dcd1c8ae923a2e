using EcomWorkflows.XGBoost;

namespace EcomWorkflows.Pipeline.Training.Learners;

/// <summary>Trees grown apart from each other: the probability is the mean of their leaves' shares of positives.</summary>
public sealed class RandomForestModel : FittedModel
{
    // Beyond these a forest's means say nothing: no leaf is large enough.
    private const double Least = 1e-6;

    private readonly Booster _booster;

    internal RandomForestModel(Booster booster, IReadOnlyList<string> featureNames)
    {
        _booster = booster;
        FeatureNames = featureNames;
    }

    public override string Learner => RandomForestLearner.LearnerName;

    public override IReadOnlyList<string> FeatureNames { get; }

    public override void Predict(ReadOnlySpan<float> values, int rows, Span<float> probabilities)
    {
        _booster.PredictDense(values, rows, FeatureNames.Count, probabilities);
        // Single-precision sums of shares can end a last digit outside.
        for (int row = 0; row < rows; row++)
            probabilities[row] = Math.Clamp(probabilities[row], 0, 1);
    }

    /// <remarks>
    /// The forest is additive in the probability, so its exact SHAP values are shares of the probability; scaled by one factor per row
    /// they become shares of the log-odds, which keeps their order, signs and proportions.
    /// </remarks>
    public override float[] Contributions(FeatureTable table)
    {
        RequireColumns(table.Names);
        float[] contributions = BoosterFile.Contributions(_booster, table);
        int width = table.Columns + 1;
        for (int row = 0; row < table.Rows; row++)
        {
            Span<float> shares = contributions.AsSpan(row * width, width);
            double expected = Math.Clamp(shares[^1], Least, 1 - Least);
            double moved = 0;
            foreach (float share in shares[..^1])
                moved += share;
            double probability = Math.Clamp(expected + moved, Least, 1 - Least);
            double factor = Math.Abs(moved) < 1e-9 ? 1 / (expected * (1 - expected)) : (LogOdds(probability) - LogOdds(expected)) / moved;
            for (int column = 0; column < table.Columns; column++)
                shares[column] = (float)(shares[column] * factor);
            shares[^1] = (float)LogOdds(expected);
        }

        return contributions;
    }

    public override ModelFlavor Save(string folder) => BoosterFile.Save(_booster, folder);

    /// <exception cref="XGBoostException">The file does not exist, is truncated or not such a model.</exception>
    /// <exception cref="InvalidDataException">The model does not name its features, or another learner made it.</exception>
    public static RandomForestModel Load(string path, int threads)
    {
        Booster booster = BoosterFile.Load(path, RandomForestLearner.LearnerName, threads);
        return new RandomForestModel(booster, booster.FeatureNames);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _booster.Dispose();
        base.Dispose(disposing);
    }

    private static double LogOdds(double probability) => Math.Log(probability / (1 - probability));
}
