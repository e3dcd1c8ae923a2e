using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Server.Api;

namespace EcomWorkflows.Server.Dashboards.Models;

/// <summary>A task instance with its attempts and the log of one of them.</summary>
/// <param name="Siblings">Every instance of the task, this one too; more than one where the task is mapped.</param>
/// <param name="Attempt">The attempt whose log is shown; null before the first one.</param>
/// <param name="Log">Its first rows; the rest comes as a stream.</param>
public sealed record TaskModel(
    RunView View,
    TaskInstanceInfo Instance,
    IReadOnlyList<TaskInstanceInfo> Siblings,
    DagTask Task,
    IReadOnlyList<AttemptInfo> Attempts,
    AttemptInfo? Attempt,
    IReadOnlyList<LogInfo> Log,
    string? Waiting,
    DateTimeOffset Now);
