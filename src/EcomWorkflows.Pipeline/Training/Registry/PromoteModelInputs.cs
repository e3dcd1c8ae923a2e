using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Pipeline.Training.Registry;

/// <summary>Inputs of <c>Ecom.PromoteModel</c>.</summary>
public sealed record PromoteModelInputs
{
    [TaskInput("Registered model.", OptionsFrom = "models")]
    public required string Model { get; init; }

    [TaskInput("Version to promote; 0 takes the challenger.")]
    public int Version { get; init; }

    [TaskInput("Who decided, for the record; for example {{ tasks.approve.outputs.decidedBy }}.")]
    public string ApprovedBy { get; init; } = "";
}
