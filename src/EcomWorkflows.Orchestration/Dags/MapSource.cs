namespace EcomWorkflows.Orchestration.Dags;

/// <summary>Where a mapped task takes its list from.</summary>
/// <param name="TaskId">The upstream task whose output it is; null for a parameter of the run.</param>
/// <param name="Name">Name of the output or parameter.</param>
public sealed record MapSource(string? TaskId, string Name)
{
    private const string ParamPrefix = "params.";

    /// <summary>Reads <c>&lt;task id&gt;.&lt;output&gt;</c> or <c>params.&lt;name&gt;</c>; null where the text is neither.</summary>
    public static MapSource? Parse(string text)
    {
        text = text.Trim();
        if (text.StartsWith(ParamPrefix, StringComparison.Ordinal))
            return text.Length > ParamPrefix.Length ? new MapSource(null, text[ParamPrefix.Length..]) : null;
        var dot = text.LastIndexOf('.');
        return dot > 0 && dot < text.Length - 1 ? new MapSource(text[..dot], text[(dot + 1)..]) : null;
    }
}
