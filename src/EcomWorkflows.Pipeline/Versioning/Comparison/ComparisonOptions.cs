namespace EcomWorkflows.Pipeline.Versioning.Comparison;

/// <summary>What a comparison of two versions looks at.</summary>
public sealed record ComparisonOptions
{
    /// <summary>Columns to match rows by; empty for the key the manifest has, or the shortest one the rows themselves show.</summary>
    public IReadOnlyList<string> Key { get; init; } = [];

    /// <summary>Only this table; null for all.</summary>
    public string? Table { get; init; }

    /// <summary>Rows shown of each kind of change.</summary>
    /// <value>The default is 5.</value>
    public int Examples { get; init; } = 5;

    /// <summary>Whether the distributions of all columns are compared too.</summary>
    public bool Distributions { get; init; } = true;
}
