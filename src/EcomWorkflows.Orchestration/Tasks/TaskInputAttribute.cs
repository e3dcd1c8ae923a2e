namespace EcomWorkflows.Orchestration.Tasks;

/// <summary>Describes an input (or, on the outputs record, an output) of a task type.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TaskInputAttribute(string description) : Attribute
{
    public string Description { get; } = description;

    public string? DisplayName { get; init; }

    /// <summary>Elsa's UI hint, for example <c>singleline</c>, <c>dropdown</c>, <c>checkbox</c>; null derives it from the property's type.</summary>
    public string? UiHint { get; init; }

    /// <summary>Name of the live registry a dropdown takes its options from, for example <c>sources</c>, <c>suites</c>.</summary>
    public string? OptionsFrom { get; init; }

    /// <summary>Fixed options of a dropdown.</summary>
    public string[] Options { get; init; } = [];

    /// <summary>Smallest number allowed.</summary>
    public double Min { get; init; } = double.NegativeInfinity;

    /// <summary>Largest number allowed, where there is a smallest one.</summary>
    public double Max { get; init; } = double.PositiveInfinity;

    /// <summary>Whether the value is a secret, masked in logs and never shown again.</summary>
    public bool Sensitive { get; init; }

    /// <summary>Whether templates are refused: the input is code, and values come in beside it.</summary>
    public bool NoTemplates { get; init; }

    internal InputRange? Range => double.IsNegativeInfinity(Min) ? null : new InputRange(Min, Max);
}
