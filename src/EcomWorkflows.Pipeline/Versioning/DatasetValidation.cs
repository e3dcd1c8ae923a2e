namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>How the data of an entity did in the run's validation.</summary>
internal sealed record DatasetValidation(string Entity, bool Success, long RowsChecked, long RowsQuarantined, string? Report);
