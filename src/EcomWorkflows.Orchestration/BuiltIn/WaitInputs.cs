using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Inputs of <see cref="WaitTask"/>; one of the two must be given.</summary>
public sealed record WaitInputs
{
    [TaskInput("How long to wait, in seconds from the start of the task.", Min = 0, Max = 31_536_000)]
    public double? Seconds { get; init; }

    [TaskInput("Wait until this instant, for example {{ data_interval_end | add_hours: 3 }}; one in the past does not wait.")]
    public DateTimeOffset? Until { get; init; }
}
