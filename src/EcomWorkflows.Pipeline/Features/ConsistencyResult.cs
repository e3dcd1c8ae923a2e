namespace EcomWorkflows.Pipeline.Features;

/// <summary>How many sampled values that are served equal what the history says.</summary>
/// <param name="Entities">Entities sampled.</param>
/// <param name="Cells">Values compared; the time of each row counts as one.</param>
/// <param name="Examples">Some of what differs.</param>
public sealed record ConsistencyResult(int Entities, long Cells, long Equal, IReadOnlyList<string> Examples)
{
    /// <summary>1 when everything is equal, or nothing is served.</summary>
    public double Score => Cells == 0 ? 1 : (double)Equal / Cells;
}
