using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>What every sensor can be told.</summary>
public abstract record SensorInputs
{
    [TaskInput("Seconds between two checks; no slot is held between them.", Min = 0.1, Max = 604_800)]
    public double PokeSeconds { get; init; } = 60;

    [TaskInput("Seconds after which the sensor gives up, counted from its first check.", Min = 0.001, Max = 31_536_000)]
    public double SensorTimeoutSeconds { get; init; } = 86_400;

    [TaskInput("Skip instead of fail when the time is over.")]
    public bool SoftFail { get; init; }
}
