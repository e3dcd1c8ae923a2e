namespace EcomWorkflows.Testing.Web;

public sealed record StepOutputs(long Rows, string? ReportPath);
