using EcomWorkflows.Orchestration.Planning;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Why a run, and every instance of it that waits, is not running.</summary>
public sealed record RunWait(IReadOnlyList<WaitReason> Reasons, IReadOnlyList<InstanceWait> Instances);
