namespace EcomWorkflows.Pipeline.Lineage;

/// <summary>The text of a line.</summary>
public sealed record RawLineText(long Number, string Text);
