namespace EcomWorkflows.Orchestration.Tasks;

/// <summary>One choice of a dropdown.</summary>
/// <param name="Text">What people read.</param>
/// <param name="Value">What the input gets.</param>
public sealed record Option(string Text, string Value)
{
    public Option(string value)
        : this(value, value)
    {
    }
}
