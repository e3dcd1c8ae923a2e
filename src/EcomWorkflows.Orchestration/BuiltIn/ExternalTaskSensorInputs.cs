using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Inputs of <see cref="ExternalTaskSensorTask"/>.</summary>
public sealed record ExternalTaskSensorInputs : SensorInputs
{
    [TaskInput("The other DAG.", OptionsFrom = "dags", UiHint = "dropdown")]
    public required string DagId { get; init; }

    [TaskInput("Its task; empty waits for the whole run.")]
    public string? TaskId { get; init; }

    [TaskInput("Seconds the other run's logical date lies before this run's; 0 is the same date.", Min = -31_536_000_000, Max = 31_536_000_000)]
    public double OffsetSeconds { get; init; }

    [TaskInput("States that are waited for.")]
    public IReadOnlyList<string> AllowedStates { get; init; } = ["success"];

    [TaskInput("States that make the sensor fail at once.")]
    public IReadOnlyList<string> FailedStates { get; init; } = ["failed", "upstream_failed"];
}
