namespace EcomWorkflows.Pipeline.Scoring;

/// <summary>A scoring of a source's customers as of a moment.</summary>
/// <param name="GapDays">Days between the moment and its outcome window.</param>
public sealed record ScoringSummary(string Source, DateTimeOffset AsOf, string ModelName, int ModelVersion, float Threshold, int GapDays, int OutcomeDays, long Customers)
{
    /// <summary>When the outcome of every customer is known, in the shop's own time.</summary>
    public DateTimeOffset OutcomeEnd => AsOf.AddDays(GapDays + OutcomeDays);
}
