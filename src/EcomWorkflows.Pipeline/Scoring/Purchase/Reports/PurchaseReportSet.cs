namespace EcomWorkflows.Pipeline.Scoring.Purchase.Reports;

/// <summary>Everything the six reports of a run show.</summary>
/// <param name="Scorings">The hold-out first, where there is one.</param>
/// <param name="Tables">One per report and scoring, in that order.</param>
internal sealed record PurchaseReportSet(
    string Source, string Description, string DagId, string RunKey, DateTimeOffset CreatedAt, IReadOnlyList<ReportedScoring> Scorings, IReadOnlyList<PurchaseReportTable> Tables)
{
    /// <summary>The scoring people plan with.</summary>
    internal ReportedScoring Latest => Scorings[^1];

    internal bool IsClassic => Latest.Variant == "classic";

    internal IReadOnlyList<PurchaseReportTable> Of(PurchaseReportDefinition definition) => [.. Tables.Where(table => table.Definition == definition)];

    /// <summary>The row of all pairs of a scoring.</summary>
    internal PurchaseReportRow Overall(ReportedScoring scoring) => Tables.First(table => table.Definition.Name == PurchaseReportDefinition.OverallName && table.Scoring == scoring).Rows[0];
}
