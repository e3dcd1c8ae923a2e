namespace EcomWorkflows.Pipeline.Features;

/// <summary>One feature of the customer activity view.</summary>
/// <param name="Name">Column of the view, <c>snake_case</c>.</param>
/// <param name="Group">Features a source has or has not together, see <see cref="CustomerActivityFeatures.Groups"/>.</param>
/// <param name="Description">Meaning and unit, and what it is where there is nothing to compute it from.</param>
public sealed record FeatureDefinition(string Name, string Group, string Description)
{
    /// <summary>All features are numbers.</summary>
    public string Type => "double";
}
