using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Training.Evaluation;
using EcomWorkflows.Pipeline.Training.Leaks;
using EcomWorkflows.Pipeline.Training.Learners;
using EcomWorkflows.Pipeline.Training.Registry;

namespace EcomWorkflows.Pipeline.Training;

/// <summary>How a model is to be trained, whatever it predicts.</summary>
public sealed record TrainingSettings
{
    public const int MostTrials = 200;

    public IReadOnlyList<string> Learners { get; init; } = LearnerCatalog.Default;

    public int Seed { get; init; } = 42;

    /// <summary>Combinations of settings tried per learner; 0 keeps the default settings.</summary>
    public int SearchTrials { get; init; }

    public LeakPolicy OnLeak { get; init; }

    public PromotionMode Promotion { get; init; }

    public bool RequireDatasetTag { get; init; } = true;

    public PromotionBudget Budget { get; init; } = new();

    /// <summary>Null where no offer is at stake: the report has no profit curve then.</summary>
    public ProfitAssumptions? Profit { get; init; } = new();

    /// <exception cref="TaskFailedException">A setting is out of range, or a learner needs a library that is not installed.</exception>
    internal void Require()
    {
        string[] unknown = [.. Learners.Except(LearnerCatalog.Names)];
        if (Learners.Count == 0 || unknown.Length > 0 || Learners.Distinct().Count() < Learners.Count)
        {
            throw new TaskFailedException(
                $"learners is [{string.Join(", ", Learners)}]; allowed are one or more of {string.Join(", ", LearnerCatalog.Names)}, each once.", retryable: false);
        }

        if (SearchTrials is < 0 or > MostTrials)
            throw new TaskFailedException($"searchTrials is {SearchTrials}; allowed: 0 to {MostTrials}.", retryable: false);
        if (Profit?.Problem() is { } problem)
            throw new TaskFailedException($"{problem}.", retryable: false);
        if (Learners.Any(LearnerCatalog.NeedsXGBoost))
            XGBoostRequirement.Check();
    }
}
