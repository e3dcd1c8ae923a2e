using EcomWorkflows.Pipeline.Validation.Results;

namespace EcomWorkflows.Pipeline.Validation.Reports;

/// <summary>What a report shows.</summary>
/// <param name="RowFiles">CSV with all failing rows of a reason code, relative to the report's folder.</param>
internal sealed record QualityReport(
    ValidationIdentity Identity, ValidationResult Result, QualityHistory History, IReadOnlyDictionary<string, string> RowFiles);
