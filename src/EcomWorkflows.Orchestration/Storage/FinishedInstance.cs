using EcomWorkflows.Orchestration.Planning;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>An instance that has just reached a finished state, for those below to hear of.</summary>
/// <param name="Before">Its state before, for the event log.</param>
/// <param name="IsBypassed">Whether it is skipped because a branch went past it.</param>
/// <param name="Routing">What it said about the way on.</param>
internal readonly record struct FinishedInstance(
    long TaskInstanceId, long RunId, string TaskId, TaskState State, TaskState Before = TaskState.None, bool IsBypassed = false, Routing? Routing = null, string? Message = null);
