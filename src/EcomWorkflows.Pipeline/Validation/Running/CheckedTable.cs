using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Validation.Reports;
using EcomWorkflows.Pipeline.Validation.Results;

namespace EcomWorkflows.Pipeline.Validation.Running;

/// <summary>A validation that is done and written, but not yet visible.</summary>
/// <param name="Quarantine">File of the quarantined rows.</param>
internal sealed record CheckedTable(ValidationIdentity Identity, ValidationResult Result, LakeFile Quarantine, StagedReport Report) : IDisposable
{
    public LakeTableName QuarantineTable => new("quarantine", Identity.Source, Identity.Entity);

    public void Dispose() => Report.Dispose();
}
