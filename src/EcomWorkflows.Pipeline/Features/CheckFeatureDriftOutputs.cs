namespace EcomWorkflows.Pipeline.Features;

/// <summary>Outputs of <see cref="CheckFeatureDriftTask"/>.</summary>
/// <param name="ReferenceAsOf">Null where the history has only one time: nothing was judged.</param>
/// <param name="Drifted">Features whose distribution or null rate has changed.</param>
public sealed record CheckFeatureDriftOutputs(
    string View, int Version, DateTimeOffset? AsOf, DateTimeOffset? ReferenceAsOf, int Features, IReadOnlyList<string> Drifted, string? Worst, double? WorstPsi);
