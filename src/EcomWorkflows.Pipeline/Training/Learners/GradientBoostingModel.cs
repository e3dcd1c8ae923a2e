using EcomWorkflows.XGBoost;

namespace EcomWorkflows.Pipeline.Training.Learners;

/// <summary>Boosted trees in the library's memory.</summary>
public sealed class GradientBoostingModel : FittedModel
{
    public const string FlavorName = "xgboost";

    internal const string FileName = "model.ubj";

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
        if (table.Rows == 0)
            return [];
        using DMatrix matrix = DMatrix.FromDense(table.Values, table.Rows, table.Columns);
        return _booster.Predict(matrix, PredictionKind.Contributions).Values;
    }

    public override ModelFlavor Save(string folder)
    {
        _booster.Save(Path.Combine(folder, FileName));
        return new ModelFlavor(FlavorName, FileName, new Dictionary<string, string>
        {
            ["model_class"] = "xgboost.core.Booster",
            ["model_format"] = "ubj",
            ["xgb_version"] = XGBoostLibrary.Version.ToString(),
        });
    }

    /// <exception cref="XGBoostException">The file does not exist, is truncated or not such a model.</exception>
    /// <exception cref="InvalidDataException">The model does not name its features.</exception>
    public static GradientBoostingModel Load(string path, int threads)
    {
        Booster booster = Booster.Load(path);
        try
        {
            booster.SetParameter("nthread", Math.Max(1, threads).ToString());
            if (booster.FeatureNames is not { Count: > 0 } names)
                throw new InvalidDataException($"The model '{path}' does not name its features, so it cannot be matched with a feature view.");
            return new GradientBoostingModel(booster, names);
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
