using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Pipeline.Training.Registry;

/// <summary>Inputs of <c>Ecom.PromoteModel</c>.</summary>
public sealed record PromoteModelInputs
{
    [TaskInput("Registered model.", OptionsFrom = "models")]
    public required string Model { get; init; }

    /// <summary>Not <c>version</c>: every Elsa activity has a member of that name.</summary>
    [TaskInput("Version to promote; 0 takes the challenger.")]
    public int ModelVersion { get; init; }

    [TaskInput("Who decided, for the record; for example {{ tasks.approve.outputs.decidedBy }}.")]
    public string ApprovedBy { get; init; } = "";
}
