namespace EcomWorkflows.Elsa.Definitions;

/// <summary>An activity of a definition and where it stands.</summary>
/// <param name="TaskId">The task's id in the DAG; in a group it starts with the group's.</param>
/// <param name="Version">Version of the activity type.</param>
/// <param name="Name">What people read.</param>
public sealed record ActivityNode(string TaskId, string ActivityId, string NodeId, string ParentNodeId, string Type, int Version, string Name);
