namespace EcomWorkflows.Pipeline.Scoring.Purchase.Reports;

/// <summary>A report's rows for one scoring.</summary>
internal sealed record PurchaseReportTable(PurchaseReportDefinition Definition, ReportedScoring Scoring, IReadOnlyList<PurchaseReportRow> Rows);
