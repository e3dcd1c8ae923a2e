namespace EcomWorkflows.Orchestration.Planning;

/// <summary>A piece of a text with templates: plain text, or one <c>{{ expression }}</c>.</summary>
public abstract record TemplatePart
{
    private TemplatePart()
    {
    }

    public sealed record Text(string Value) : TemplatePart;

    /// <param name="Source">The template as it was written, braces included; for messages.</param>
    public sealed record Expression(TemplateHead Head, IReadOnlyList<TemplateFilterCall> Filters, string Source) : TemplatePart;
}
