using System.Text.Json;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Training.Evaluation;

namespace EcomWorkflows.Pipeline.Training.Registry;

/// <summary><c>training.json</c>: how the version was fitted, so that it can be fitted again.</summary>
/// <param name="Learners">All learners that were tried.</param>
/// <param name="Protocol">How training rows served for the threshold; decides which rows the kept model learned from.</param>
/// <param name="SearchTrials">Settings tried per learner; 0 where none were searched.</param>
/// <param name="Offer">By which the report's profit curve was drawn; null where no offer is at stake.</param>
public sealed record TrainingRecipe(IReadOnlyList<string> Learners, int Seed, int Threads, string Protocol, int SearchTrials, ProfitAssumptions? Offer = null)
{
    internal const string FileName = "training.json";

    /// <summary>The recipe in the version's folder; null where there is none.</summary>
    internal static TrainingRecipe? Read(PipelineOptions options, ModelVersion version)
    {
        string path = Path.Combine(options.Home, version.Folder, FileName);
        return File.Exists(path) ? JsonSerializer.Deserialize<TrainingRecipe>(File.ReadAllBytes(path), TaskJson.Options) : null;
    }
}
