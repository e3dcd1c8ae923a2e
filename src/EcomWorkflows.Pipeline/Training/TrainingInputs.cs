using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Training.Evaluation;
using EcomWorkflows.Pipeline.Training.Leaks;
using EcomWorkflows.Pipeline.Training.Registry;

namespace EcomWorkflows.Pipeline.Training;

/// <summary>Inputs of every task that trains a model.</summary>
public abstract record TrainingInputs
{
    [TaskInput("Seed of every random choice (folds, row and column samples). The same seed and training set give the same model.")]
    public int Seed { get; init; } = 42;

    [TaskInput("Combinations of settings to try for each learner, judged on later training cutoffs; 0 keeps the default settings.")]
    public int SearchTrials { get; init; }

    [TaskInput("What a leak sentinel does: stop fails the task and names the column, report only writes it down.")]
    public LeakPolicy OnLeak { get; init; }

    [TaskInput("Who promotes a version that passed all gates: automatic does it at once, approval leaves it challenger for Ecom.PromoteModel behind a Core.Approval.")]
    public PromotionMode Promotion { get; init; }

    [TaskInput("Whether only a model of a training set with a tag in the dataset repository may become champion.")]
    public bool RequireDatasetTag { get; init; } = true;

    /// <param name="profit">Null where no offer is at stake.</param>
    private protected TrainingSettings SettingsWith(IReadOnlyList<string> learners, ProfitAssumptions? profit) => new()
    {
        Learners = learners,
        Seed = Seed,
        SearchTrials = SearchTrials,
        OnLeak = OnLeak,
        Promotion = Promotion,
        RequireDatasetTag = RequireDatasetTag,
        Profit = profit,
    };
}
