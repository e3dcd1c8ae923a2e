namespace EcomWorkflows.Orchestration.Tasks;

/// <summary>
/// Marks a property of an inputs record whose own record holds inputs that several tasks have: those of its properties with a <see cref="TaskInputAttribute"/>. In DAGs and editors they stand among
/// the task's other inputs, under their own names.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TaskInputGroupAttribute : Attribute;
