using System.Text.Json;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Training.Learners;
using EcomWorkflows.Pipeline.Training.Reports;

namespace EcomWorkflows.Pipeline.Training.Registry;

/// <summary>Writes a model's folder: the model, <c>MLmodel</c>, figures, settings, lineage, model card and report.</summary>
internal static class ModelFolderWriter
{
    private static readonly JsonSerializerOptions Json = new(TaskJson.Options) { WriteIndented = true };

    /// <summary>Saves the model alone, so that its size is known before the promotion is decided.</summary>
    internal static (ModelFlavor Flavor, long Bytes) SaveModel(string folder, FittedModel model)
    {
        ModelFlavor flavor = model.Save(folder);
        return (flavor, new FileInfo(Path.Combine(folder, flavor.DataFile)).Length);
    }

    /// <param name="folder">Where <see cref="SaveModel"/> put the model.</param>
    /// <param name="example">Table whose first rows become the input example.</param>
    internal static ModelDraft Write(string folder, ModelFlavor flavor, string name, TrainedCandidate chosen, FeatureTable example, ModelReport report)
    {
        FittedModel model = chosen.Fitted.Model;
        string sha256 = ModelLoader.Sha256(Path.Combine(folder, flavor.DataFile));
        MlModelFile.Write(folder, flavor, model, chosen.Fitted.Threshold, example, report.Lineage, sha256, report.CreatedAt);
        WriteJson(folder, "metrics.json", report.Candidates.ToDictionary(candidate => candidate.Learner, candidate => candidate.Test));
        WriteJson(folder, "params.json", report.Candidates.ToDictionary(candidate => candidate.Learner, candidate => candidate.Parameters));
        new ModelRecord(
            sha256, report.Chosen, chosen.Fitted.Threshold, model.FeatureNames, chosen.Fitted.Parameters, chosen.Report.Test, report.Lineage, report.Promotion, report.CreatedAt)
            .Write(folder);
        WriteJson(folder, TrainingRecipe.FileName, report.Recipe);
        WriteJson(folder, "drivers.json", report.Drivers);
        File.WriteAllText(Path.Combine(folder, ModelCard.FileName), ModelCard.Render(report));
        File.WriteAllText(Path.Combine(folder, ModelReportPage.FileName), ModelReportPage.Render(report).Markup);
        return new ModelDraft(
            name, folder, model.Learner, sha256, model.FeatureNames, chosen.Fitted.Threshold, chosen.Fitted.Parameters, chosen.Report.Test,
            report.Lineage, report.CreatedAt);
    }

    private static void WriteJson<T>(string folder, string file, T value) =>
        File.WriteAllBytes(Path.Combine(folder, file), JsonSerializer.SerializeToUtf8Bytes(value, Json));
}
