using EcomWorkflows.Pipeline.Validation.Checks;

namespace EcomWorkflows.Pipeline.Validation;

/// <summary>What the last runs found in one table, the newest first.</summary>
public sealed record QualityHistory(IReadOnlyList<PastRun> Runs)
{
    /// <summary>How far back a run is compared.</summary>
    public const int ComparedRuns = 30;

    public static QualityHistory None { get; } = new([]);

    internal TableHistory Table => new([.. Runs.Select(run => run.RowsRead - run.RowsRefused)]);
}
