using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Elsa.Definitions;

/// <summary>Descriptors of the settings inputs, read once from their records.</summary>
public static class SettingProperties
{
    public static IReadOnlyList<TaskPropertyDescriptor> OfTasks { get; } = TaskRegistration.Properties(typeof(TaskSettingInputs), withDefaults: true);

    public static IReadOnlyList<TaskPropertyDescriptor> OfDags { get; } = TaskRegistration.Properties(typeof(DagSettingInputs), withDefaults: true);
}
