using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.BuiltIn;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Elsa.Tests.Definitions;

/// <summary>Task types with inputs of every kind, and those of churn-daily by their contract.</summary>
internal static class FakeTasks
{
    public static TaskRegistry Registry { get; } = new(
    [
        .. Array.ConvertAll(
            [
                typeof(CopyTask), typeof(TypedTask), typeof(ForkTask), typeof(ApprovalTask), typeof(BranchTask), typeof(FileSensorTask), typeof(HttpTask), typeof(ShellTask), typeof(SqlTask),
                typeof(WaitTask),
            ],
            TaskRegistration.Describe),
        .. Array.ConvertAll(
            [
                "Ecom.Ingest", "Ecom.Validate", "Ecom.Prepare", "Ecom.BuildFeatures", "Ecom.BuildTrainingSet", "Ecom.VersionDatasets", "Ecom.TrainChurn", "Ecom.ScoreChurn",
                "Ecom.SelectRetentionTargets", "Ecom.CheckScoreDrift", "Ecom.EvaluateOutcomes", "Ecom.ReplayQuarantine",
                "Ecom.BuildPurchaseFeatures", "Ecom.BuildPurchaseSet", "Ecom.TrainPurchase", "Ecom.ScorePurchases", "Ecom.ReportPurchases",
            ],
            name => TaskRegistration.Describe(typeof(StageTask)) with { Name = name }),
        .. Array.ConvertAll(["Ecom.MaterializeFeatures", "Ecom.CheckFeatureDrift"], name => TaskRegistration.Describe(typeof(ViewTask)) with { Name = name }),
        TaskRegistration.Describe(typeof(ModelTask)) with { Name = "Ecom.ScoreChanged" },
    ]);

    internal enum Mode
    {
        FullLoad,
        Incremental,
    }

    [TaskType("Test.Copy", DisplayName = "Copy", Category = "Test", Description = "Copies.")]
    public sealed class CopyTask : ITask<CopyInputs, CopyOutputs>
    {
        public Task<TaskResult<CopyOutputs>> RunAsync(CopyInputs inputs, TaskContext context, CancellationToken cancellationToken) =>
            Task.FromResult<TaskResult<CopyOutputs>>(new CopyOutputs(0));
    }

    public sealed record CopyInputs
    {
        [TaskInput("What to copy.")]
        public required string Source { get; init; }

        public string? Note { get; init; }
    }

    public sealed record CopyOutputs(long Rows);

    [TaskType("Test.Typed", Version = 2, DisplayName = "Typed", Category = "Test", Description = "Has every kind of input.")]
    public sealed class TypedTask : ITask<TypedInputs, CopyOutputs>
    {
        public Task<TaskResult<CopyOutputs>> RunAsync(TypedInputs inputs, TaskContext context, CancellationToken cancellationToken) =>
            Task.FromResult<TaskResult<CopyOutputs>>(new CopyOutputs(0));
    }

    public sealed record TypedInputs
    {
        public int Count { get; init; } = 1;

        public double Share { get; init; } = 0.5;

        public bool Full { get; init; }

        public Mode Mode { get; init; }

        public IReadOnlyList<string> Columns { get; init; } = [];

        public JsonObject? Extra { get; init; }

        public DateTimeOffset? Since { get; init; }

        [TaskInput("Size.", Options = ["small", "large"])]
        public string Size { get; init; } = "small";

        [TaskInput("Colours.", Options = ["red", "green"])]
        public IReadOnlyList<string> Colours { get; init; } = [];
    }

    [TaskType("Ecom.Stage", DisplayName = "Stage", Category = "Test", Description = "Stands for a stage.")]
    public sealed class StageTask : ITask<StageInputs, CopyOutputs>
    {
        public Task<TaskResult<CopyOutputs>> RunAsync(StageInputs inputs, TaskContext context, CancellationToken cancellationToken) =>
            Task.FromResult<TaskResult<CopyOutputs>>(new CopyOutputs(0));
    }

    public sealed record StageInputs
    {
        public required string Source { get; init; }

        public string? Entity { get; init; }

        public string File { get; init; } = "";

        public bool FailOnDrift { get; init; } = true;

        public string Variant { get; init; } = "honest";

        public string OnLeak { get; init; } = "stop";

        public bool DryRun { get; init; }

        public double CustomerValue { get; init; }

        public double OfferCost { get; init; }

        public double ContactCost { get; init; }

        public double SaveRate { get; init; }

        public double StayerTakeRate { get; init; }
    }

    [TaskType("Test.View", DisplayName = "View", Category = "Test", Description = "Works on a feature view.")]
    public sealed class ViewTask : ITask<ViewInputs, CopyOutputs>
    {
        public Task<TaskResult<CopyOutputs>> RunAsync(ViewInputs inputs, TaskContext context, CancellationToken cancellationToken) =>
            Task.FromResult<TaskResult<CopyOutputs>>(new CopyOutputs(0));
    }

    public sealed record ViewInputs
    {
        public required string View { get; init; }

        public bool FailOnDrift { get; init; } = true;
    }

    [TaskType("Test.Model", DisplayName = "Model", Category = "Test", Description = "Works on a model.")]
    public sealed class ModelTask : ITask<ModelInputs, CopyOutputs>
    {
        public Task<TaskResult<CopyOutputs>> RunAsync(ModelInputs inputs, TaskContext context, CancellationToken cancellationToken) =>
            Task.FromResult<TaskResult<CopyOutputs>>(new CopyOutputs(0));
    }

    public sealed record ModelInputs
    {
        public required string Model { get; init; }
    }

    [TaskType("Test.Fork", DisplayName = "Fork", Category = "Test", Description = "Branches.", Ports = ["Otherwise"], DynamicPortsInput = "Ways")]
    public sealed class ForkTask : ITask<ForkInputs, CopyOutputs>
    {
        public Task<TaskResult<CopyOutputs>> RunAsync(ForkInputs inputs, TaskContext context, CancellationToken cancellationToken) =>
            Task.FromResult<TaskResult<CopyOutputs>>(new TaskResult<CopyOutputs>.Branched([], new CopyOutputs(0)));
    }

    public sealed record ForkInputs
    {
        public IReadOnlyList<string> Ways { get; init; } = [];
    }
}
