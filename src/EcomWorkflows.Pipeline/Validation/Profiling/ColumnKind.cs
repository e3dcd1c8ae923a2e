namespace EcomWorkflows.Pipeline.Validation.Profiling;

/// <summary>How a column's values can be summarised.</summary>
internal enum ColumnKind
{
    Number,
    Time,
    Text,
    Other,
}

