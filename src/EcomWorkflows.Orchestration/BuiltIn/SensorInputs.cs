using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>What every sensor can be told.</summary>
public abstract record SensorInputs
{
    [TaskInput("Seconds between two checks; no slot is held between them.")]
    public double PokeSeconds { get; init; } = 60;

    [TaskInput("Seconds after which the sensor gives up, counted from its first check.")]
    public double SensorTimeoutSeconds { get; init; } = 86_400;

    [TaskInput("Skip instead of fail when the time is over.")]
    public bool SoftFail { get; init; }
}
