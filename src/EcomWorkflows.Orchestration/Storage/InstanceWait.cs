using EcomWorkflows.Orchestration.Planning;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Why an instance is not running.</summary>
public sealed record InstanceWait(string TaskId, int MapIndex, string State, IReadOnlyList<WaitReason> Reasons);
