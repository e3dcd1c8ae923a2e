namespace EcomWorkflows.Orchestration.Planning;

/// <summary>Where the value of a template expression starts.</summary>
public abstract record TemplateHead
{
    private TemplateHead()
    {
    }

    /// <summary>A name such as <c>ds</c> or <c>params.source</c>.</summary>
    public sealed record Name(string Path) : TemplateHead;

    /// <summary>Quoted text, which stands for itself.</summary>
    public sealed record Literal(string Value) : TemplateHead;
}
