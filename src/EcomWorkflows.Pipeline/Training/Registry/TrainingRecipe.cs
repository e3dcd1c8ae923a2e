namespace EcomWorkflows.Pipeline.Training.Registry;

/// <summary><c>training.json</c>: how the version was fitted, so that it can be fitted again.</summary>
/// <param name="Learners">All learners that were tried.</param>
/// <param name="Protocol">How training rows served for the threshold; decides which rows the kept model learned from.</param>
/// <param name="SearchTrials">Settings tried per learner; 0 where none were searched.</param>
public sealed record TrainingRecipe(IReadOnlyList<string> Learners, int Seed, int Threads, string Protocol, int SearchTrials)
{
    internal const string FileName = "training.json";
}
