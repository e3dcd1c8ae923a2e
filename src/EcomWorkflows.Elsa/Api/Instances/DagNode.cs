namespace EcomWorkflows.Elsa.Api.Instances;

/// <summary>A node of a DAG version's document, as Studio draws it.</summary>
/// <param name="TaskId">The task it stands for; null for a group and for the root.</param>
/// <param name="Group">Dotted path of a group, empty for the root; null for a task.</param>
internal sealed record DagNode(string ActivityId, string NodeId, string Type, int TypeVersion, string? Name, string? TaskId, string? Group)
{
    /// <summary>Whether a task lies inside this group, however deep.</summary>
    public bool Holds(string taskId) => Group is { } path && (path.Length == 0 || taskId.StartsWith(path + ".", StringComparison.Ordinal));
}
