using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Pipeline.Validation.Replay;

/// <summary>What <see cref="ReplayQuarantineTask"/> takes.</summary>
public sealed record ReplayInputs
{
    [TaskInput("Source whose quarantine is looked at again.", OptionsFrom = "sources")]
    public required string Source { get; init; }

    [TaskInput("Entity of the source: events, products, customers, orders or order_items.", OptionsFrom = "entities")]
    public required string Entity { get; init; }

    [TaskInput("Expectation suite, workflows/expectations/{suite}.json; empty takes the one the source's mapping names.", OptionsFrom = "suites")]
    public string Suite { get; init; } = "";

    [TaskInput("Only say how many rows would be let in and how many held; nothing is changed, and the task ends skipped.")]
    public bool DryRun { get; init; }
}
