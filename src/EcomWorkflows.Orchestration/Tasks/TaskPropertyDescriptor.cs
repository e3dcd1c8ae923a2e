namespace EcomWorkflows.Orchestration.Tasks;

/// <summary>One input or output of a task type.</summary>
/// <param name="Name">PascalCase property name; the JSON name is its camel-case form.</param>
/// <param name="Default">Default value of an optional input; null where it has none.</param>
public sealed record TaskPropertyDescriptor(
    string Name,
    Type Type,
    string DisplayName,
    string Description,
    bool Required,
    object? Default,
    string? UiHint,
    string? OptionsFrom,
    IReadOnlyList<string> Options,
    bool Sensitive)
{
    /// <summary>Whether templates are refused: the input is code, and values come in beside it.</summary>
    public bool NoTemplates { get; init; }

    /// <summary>The numbers it may be; null where its type alone says it.</summary>
    public InputRange? Range { get; init; }
}
