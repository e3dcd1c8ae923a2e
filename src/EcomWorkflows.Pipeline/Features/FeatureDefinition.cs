namespace EcomWorkflows.Pipeline.Features;

/// <summary>One feature of a view.</summary>
/// <param name="Name">Column of the view, <c>snake_case</c>.</param>
/// <param name="Group">Features a source has or has not together, see <see cref="CustomerActivityFeatures.Groups"/>; empty in views that have no groups.</param>
/// <param name="Description">Meaning and unit, and what it is where there is nothing to compute it from.</param>
public sealed record FeatureDefinition(string Name, string Group, string Description)
{
    public FeatureType Type { get; init; } = FeatureType.Double;

    /// <summary>How an on-demand feature is computed from stored and request values; null for a stored one.</summary>
    public string? Expression { get; init; }
}
