using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Elsa.Definitions;

/// <summary>Descriptors of the settings inputs, read once from their records.</summary>
public static class SettingProperties
{
    public static IReadOnlyList<TaskPropertyDescriptor> OfTasks { get; } = TaskRegistration.Properties(typeof(TaskSettingInputs), withDefaults: true);

    public static IReadOnlyList<TaskPropertyDescriptor> OfDags { get; } = TaskRegistration.Properties(typeof(DagSettingInputs), withDefaults: true);

    /// <summary>All inputs an activity of the type has: those of a flowchart are settings of the DAG. None where the type is not known.</summary>
    internal static IReadOnlyList<TaskPropertyDescriptor> Of(string? type, TaskRegistry registry) =>
        type == ElsaMembers.FlowchartType ? OfDags
        : registry.TryFind(type ?? "", out var known) ? [.. known.Inputs, .. OfTasks]
        : [];
}
