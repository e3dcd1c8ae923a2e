namespace EcomWorkflows.Orchestration.Dags;

/// <summary>Names of the task types that steer a run; planning knows them because tasks below wait for their word.</summary>
public static class ControlTasks
{
    public const string Branch = "Core.Branch";

    public const string ShortCircuit = "Core.ShortCircuit";

    /// <summary>Input of <see cref="ShortCircuit"/>: whether only its direct downstreams are skipped and the trigger rules decide about the rest.</summary>
    public const string RespectTriggerRules = "respectTriggerRules";
}
