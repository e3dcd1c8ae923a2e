namespace EcomWorkflows.Pipeline.Preparation;

/// <summary>Validated rows of one entity, ready to be read as <see cref="SilverSql.BronzeName"/>.</summary>
/// <param name="Places">Where they come from.</param>
/// <param name="Files">Names of the files they come from; none where they are not known.</param>
/// <param name="Largest">Path of the largest of the bronze files; null where there is none.</param>
internal sealed record BronzeRows(EntityAccount Account, RowPlaces Places, IReadOnlyList<string> Files, string? Largest);
