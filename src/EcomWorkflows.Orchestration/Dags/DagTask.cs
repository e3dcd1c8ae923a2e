using System.Text.Json.Nodes;

namespace EcomWorkflows.Orchestration.Dags;

/// <summary>A node of a DAG.</summary>
/// <param name="TaskId">Unique in the DAG, <c>[A-Za-z0-9_.-]{1,250}</c>; in a task group it begins with the group's path.</param>
/// <param name="TaskType">Name of the registered task type, for example <c>Ecom.Ingest</c>.</param>
/// <param name="Inputs">Values by camel-case input name; strings may hold templates such as <c>{{ params.source }}</c>.</param>
/// <param name="Group">Path of the task group, outermost first and joined by dots; null outside of groups.</param>
public sealed record DagTask(string TaskId, string TaskType, string DisplayName, JsonObject Inputs, TaskSettings Settings, string? Group = null);
