namespace EcomWorkflows.Pipeline.Features;

/// <summary>Outputs of <see cref="CheckFeatureDriftTask"/>.</summary>
/// <param name="ReferenceAsOf">Null where the history has only one time: nothing was judged.</param>
/// <param name="Drifted">Features whose distribution or null rate has changed.</param>
public sealed record CheckFeatureDriftOutputs(
    string View, int Version, DateTimeOffset? AsOf, DateTimeOffset? ReferenceAsOf, int Features, IReadOnlyList<string> Drifted, string? Worst, double? WorstPsi)
{
    /// <summary><c>drifted</c> or <c>steady</c>: what a branch chooses by. Where there was nothing to compare with, <c>steady</c>.</summary>
    public string Outcome => Drifted.Count > 0 ? "drifted" : "steady";
}
