namespace EcomWorkflows.Pipeline.Preparation;

/// <summary>Validated rows of one entity, ready to be read as <see cref="SilverSql.BronzeName"/>.</summary>
/// <param name="Lines">Sum of the hashes of (file, line): with the number of rows, it tells whether the same rows came out again.</param>
/// <param name="Files">Names of the files they come from; none where they are not known.</param>
internal sealed record BronzeRows(EntityAccount Account, decimal Lines, IReadOnlyList<string> Files);
