namespace EcomWorkflows.Pipeline.Preparation;

/// <summary>Outputs of <see cref="PrepareTask"/>.</summary>
/// <param name="Entities">What came in, per bronze entity.</param>
/// <param name="Tables">What went out, per silver table.</param>
/// <param name="ReportPath">HTML report, relative to <c>ECOM_HOME</c>.</param>
public sealed record PrepareOutputs(
    long RowsIn,
    long RowsQuarantined,
    long RowsDropped,
    long RowsOut,
    IReadOnlyList<EntityAccount> Entities,
    IReadOnlyList<TableAccount> Tables,
    string ReportPath);
