using EcomWorkflows.Pipeline.Validation.Checks;

namespace EcomWorkflows.Pipeline.Validation.Profiling;

/// <summary>The kind of each DuckDB type.</summary>
internal static class ColumnKinds
{
    public static ColumnKind KindOf(this TableColumn column) => column.Type.ToUpperInvariant() switch
    {
        var type when type.EndsWith(']') => ColumnKind.Other,
        "BOOLEAN" or "VARCHAR" or "UUID" => ColumnKind.Text,
        var type when type.StartsWith("ENUM", StringComparison.Ordinal) => ColumnKind.Text,
        "DATE" => ColumnKind.Time,
        var type when type.StartsWith("TIMESTAMP", StringComparison.Ordinal) => ColumnKind.Time,
        "FLOAT" or "DOUBLE" => ColumnKind.Number,
        var type when type.StartsWith("DECIMAL", StringComparison.Ordinal) => ColumnKind.Number,
        var type when type.EndsWith("INT", StringComparison.Ordinal) || type == "INTEGER" || type == "UINTEGER" => ColumnKind.Number,
        _ => ColumnKind.Other,
    };
}
