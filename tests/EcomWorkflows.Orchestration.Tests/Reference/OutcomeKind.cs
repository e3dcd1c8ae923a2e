namespace EcomWorkflows.Orchestration.Tests.Reference;

/// <summary>How a scripted attempt ends.</summary>
internal enum OutcomeKind
{
    Success,
    Skip,
    Fail,
    FailForGood,
    WorkerLost,
}
