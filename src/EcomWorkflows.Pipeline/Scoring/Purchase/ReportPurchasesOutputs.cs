namespace EcomWorkflows.Pipeline.Scoring.Purchase;

/// <summary>What <c>Ecom.ReportPurchases</c> wrote.</summary>
/// <param name="ReportPath">The overview with links to all reports, relative to <c>ECOM_HOME</c>.</param>
/// <param name="Reports">One page per report, relative to <c>ECOM_HOME</c>; a CSV file of the same name stands beside each.</param>
/// <param name="HoldoutConversion">Share of hold-out pairs that were bought; null where there is no hold-out.</param>
/// <param name="HoldoutMeanProbability">Their mean predicted probability.</param>
public sealed record ReportPurchasesOutputs(
    string Source, string Variant, string ReportPath, IReadOnlyList<string> Reports, double? HoldoutConversion, double? HoldoutMeanProbability, double ExpectedPurchases);
