using EcomWorkflows.Orchestration.Planning;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>An instance that has just reached a finished state, for its downstreams to hear of.</summary>
internal readonly record struct FinishedInstance(long TaskInstanceId, long RunId, string TaskId, TaskState State);
