using EcomWorkflows.Pipeline.Validation.Checks;

namespace EcomWorkflows.Pipeline.Validation;

/// <summary>What the last runs found in one table, the newest first.</summary>
public sealed record QualityHistory(IReadOnlyList<PastRun> Runs)
{
    /// <summary>How far back a run is compared.</summary>
    public const int ComparedRuns = 30;

    public static QualityHistory None { get; } = new([]);

    /// <summary>How the expectations came out that have or had a reason code, in all runs, whatever their code was there.</summary>
    public IReadOnlyList<(PastRun Run, PastExpectation Found)> Of(string code)
    {
        var keys = Runs.SelectMany(run => run.Expectations).Where(found => found.Value.Code == code).Select(found => found.Key).ToHashSet(StringComparer.Ordinal);
        return [.. Runs.SelectMany(run => run.Expectations.Where(found => keys.Contains(found.Key)).Select(found => (run, found.Value)))];
    }

    internal TableHistory Table => new([.. Runs.Select(run => run.RowsRead - run.RowsRefused)]);
}
