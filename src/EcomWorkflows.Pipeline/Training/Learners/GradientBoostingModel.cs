using EcomWorkflows.XGBoost;
using EcomWorkflows.XGBoost.Trees;

namespace EcomWorkflows.Pipeline.Training.Learners;

/// <summary>Boosted trees in the library's memory, which explains with them; predictions are made here where the evaluator can.</summary>
public sealed class GradientBoostingModel : FittedModel
{
    private readonly Booster _booster;
    private readonly int _threads;
    private readonly TreeEvaluator? _evaluator;

    /// <param name="threads">At most so many predict a large table.</param>
    internal GradientBoostingModel(Booster booster, IReadOnlyList<string> featureNames, int threads)
    {
        _booster = booster;
        _threads = threads;
        // Now, so that nobody who asks for a prediction waits for it.
        _evaluator = TreeEvaluator.Of(booster);
        FeatureNames = featureNames;
    }

    public override string Learner => GradientBoostingLearner.LearnerName;

    public override IReadOnlyList<string> FeatureNames { get; }

    public int Trees => _booster.BoostedRounds;

    public override void Predict(ReadOnlySpan<float> values, int rows, Span<float> probabilities)
    {
        if (_evaluator is not null)
            _evaluator.Predict(values, rows, probabilities, _threads);
        else
            _booster.PredictDense(values, rows, FeatureNames.Count, probabilities);
    }

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
        try
        {
            return new GradientBoostingModel(booster, booster.FeatureNames, threads);
        }
        catch
        {
            booster.Dispose();
            throw;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _booster.Dispose();
        base.Dispose(disposing);
    }
}
