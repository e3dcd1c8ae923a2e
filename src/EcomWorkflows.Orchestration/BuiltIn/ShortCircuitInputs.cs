using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Inputs of <see cref="ShortCircuitTask"/>.</summary>
public sealed record ShortCircuitInputs
{
    [TaskInput("Whether to go on: true, yes or 1; false, no, 0 or nothing skips what is below. Usually a template such as {{ params.enabled }}.")]
    public required string Condition { get; init; }

    [TaskInput("Skip only the direct downstreams and let the trigger rules decide about the rest, instead of skipping everything below.")]
    public bool RespectTriggerRules { get; init; }
}
