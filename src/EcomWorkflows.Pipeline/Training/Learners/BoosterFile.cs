using EcomWorkflows.XGBoost;

namespace EcomWorkflows.Pipeline.Training.Learners;

/// <summary>A model in XGBoost's own format, which Python reads as well; an attribute in it says which learner made it.</summary>
internal static class BoosterFile
{
    internal const string FlavorName = "xgboost";

    internal const string FileName = "model.ubj";

    private const string LearnerAttribute = "ecom_learner";

    internal static void Sign(Booster booster, string learner) => booster.SetAttribute(LearnerAttribute, learner);

    internal static ModelFlavor Save(Booster booster, string folder)
    {
        // Written here and not by the library: of a full disk it only says that a write was incomplete.
        File.WriteAllBytes(Path.Combine(folder, FileName), booster.Save(ModelFormat.Ubj));
        return new ModelFlavor(FlavorName, FileName, new Dictionary<string, string>
        {
            ["model_class"] = "xgboost.core.Booster",
            ["model_format"] = "ubj",
            ["xgb_version"] = XGBoostLibrary.Version.ToString(),
        });
    }

    /// <exception cref="XGBoostException">The file does not exist, is truncated or not such a model.</exception>
    /// <exception cref="InvalidDataException">The model does not name its features, or another learner made it.</exception>
    internal static Booster Load(string path, string learner, int threads)
    {
        Booster booster = Booster.Load(path);
        try
        {
            booster.SetParameter("nthread", Math.Max(1, threads).ToString());
            // The first files did not name their learner; there was only one.
            ModelJson.RequireLearner(path, booster.GetAttribute(LearnerAttribute) ?? GradientBoostingLearner.LearnerName, learner);
            if (booster.FeatureNames.Count == 0)
                throw new InvalidDataException($"The model '{path}' does not name its features, so it cannot be matched with a feature view.");
            return booster;
        }
        catch
        {
            booster.Dispose();
            throw;
        }
    }

    internal static DMatrix Matrix(LabelledTable table, int threads)
    {
        DMatrix matrix = DMatrix.FromDense(table.Features.Values, table.Rows, table.Features.Columns, threads: threads);
        matrix.SetLabels(Array.ConvertAll(table.Labels, positive => positive ? 1f : 0f));
        matrix.FeatureNames = table.Features.Names;
        return matrix;
    }

    /// <summary>SHAP values of every row, with the expected value in the last column.</summary>
    internal static float[] Contributions(Booster booster, FeatureTable table)
    {
        if (table.Rows == 0)
            return [];
        using DMatrix matrix = DMatrix.FromDense(table.Values, table.Rows, table.Columns);
        return booster.Predict(matrix, PredictionKind.Contributions).Values;
    }
}
