using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Inputs of <see cref="TriggerDagTask"/>.</summary>
public sealed record TriggerDagInputs
{
    [TaskInput("The DAG to run.", OptionsFrom = "dags", UiHint = "dropdown")]
    public required string DagId { get; init; }

    [TaskInput("Parameters of its run, as a JSON object.")]
    public JsonObject Params { get; init; } = [];

    [TaskInput("Logical date of its run; empty is that of this run.")]
    public DateTimeOffset? LogicalDate { get; init; }

    [TaskInput("Wait until the run has ended, without holding a slot; this task then fails when the run has failed.")]
    public bool Wait { get; init; }

    [TaskInput("How long to wait in seconds; empty is for ever.", Min = 0.001, Max = 31_536_000)]
    public double? WaitTimeoutSeconds { get; init; }
}
