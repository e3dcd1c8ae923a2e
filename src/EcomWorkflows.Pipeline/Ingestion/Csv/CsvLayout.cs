using EcomWorkflows.Pipeline.Ingestion.Parsing;

namespace EcomWorkflows.Pipeline.Ingestion.Csv;

/// <summary>Which field of a file's records is which declared column.</summary>
internal sealed class CsvLayout
{
    private readonly MappedRecord? mapped;
    private readonly int[] fieldOfColumn;

    private CsvLayout(IReadOnlyList<string> names, int[] fieldOfColumn)
    {
        Names = names;
        this.fieldOfColumn = fieldOfColumn;
        var isAsDeclared = names.Count == fieldOfColumn.Length && fieldOfColumn.Index().All(field => field.Item == field.Index);
        mapped = isAsDeclared ? null : new MappedRecord(fieldOfColumn);
    }

    /// <summary>Names of the fields, in their order.</summary>
    public IReadOnlyList<string> Names { get; }

    public int Fields => Names.Count;

    /// <summary>The field of each declared column; -1 for a column without one.</summary>
    public ReadOnlySpan<int> FieldOfColumn => fieldOfColumn;

    public static CsvLayout AsDeclared(IReadOnlyList<ColumnParser> columns) => new([.. columns.Select(column => column.Name)], [.. Enumerable.Range(0, columns.Count)]);

    /// <summary>By name, as the header says; of fields with the same name the first counts, and a column without a field is empty.</summary>
    public static CsvLayout From(List<string> header, IReadOnlyList<ColumnParser> columns) =>
        new(header, [.. columns.Select(column => header.FindIndex(name => string.Equals(name, column.Name, StringComparison.OrdinalIgnoreCase)))]);

    /// <summary>The record in declared column order; valid until the next one is asked for.</summary>
    public IRecord Of(CsvRecordReader record)
    {
        if (mapped is null)
            return record;
        mapped.Record = record;
        return mapped;
    }

    private sealed class MappedRecord(int[] fieldOfColumn) : IRecord
    {
        public CsvRecordReader Record { get; set; } = null!;

        public long Line => Record.Line;

        public ReadOnlySpan<byte> Raw => Record.Raw;

        public bool TryField(int column, out ReadOnlySpan<byte> text)
        {
            var field = fieldOfColumn[column];
            text = field < 0 ? default : Record.Field(field);
            return field >= 0;
        }
    }
}
