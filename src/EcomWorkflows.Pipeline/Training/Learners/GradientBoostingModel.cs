using EcomWorkflows.XGBoost;

namespace EcomWorkflows.Pipeline.Training.Learners;

/// <summary>Boosted trees in the library's memory.</summary>
public sealed class GradientBoostingModel : FittedModel
{
    private readonly Booster _booster;

    internal GradientBoostingModel(Booster booster, IReadOnlyList<string> featureNames)
    {
        _booster = booster;
        FeatureNames = featureNames;
    }

    public override string Learner => GradientBoostingLearner.LearnerName;

    public override IReadOnlyList<string> FeatureNames { get; }

    public int Trees => _booster.BoostedRounds;

    public override void Predict(ReadOnlySpan<float> values, int rows, Span<float> probabilities) =>
        _booster.PredictDense(values, rows, FeatureNames.Count, probabilities);

    /// <remarks>Exact TreeSHAP: some thousand rows per second, so for chosen rows only.</remarks>
    public override float[] Contributions(FeatureTable table)
    {
        RequireColumns(table.Names);
        return BoosterFile.Contributions(_booster, table);
    }

    public override ModelFlavor Save(string folder) => BoosterFile.Save(_booster, folder);

    /// <exception cref="XGBoostException">The file does not exist, is truncated or not such a model.</exception>
    /// <exception cref="InvalidDataException">The model does not name its features, or another learner made it.</exception>
    public static GradientBoostingModel Load(string path, int threads)
    {
        Booster booster = BoosterFile.Load(path, GradientBoostingLearner.LearnerName, threads);
        return new GradientBoostingModel(booster, booster.FeatureNames);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _booster.Dispose();
        base.Dispose(disposing);
    }
}
