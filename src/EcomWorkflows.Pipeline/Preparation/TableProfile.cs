namespace EcomWorkflows.Pipeline.Preparation;

/// <summary>How a silver table's values are distributed.</summary>
/// <param name="ByType">Events per type; empty for other tables.</param>
/// <param name="ByDay">Events per UTC day, oldest first; empty for other tables.</param>
internal sealed record TableProfile(
    string Table,
    IReadOnlyList<ColumnProfile> Columns,
    IReadOnlyList<CountOf> ByType,
    IReadOnlyList<CountOf> ByDay);
