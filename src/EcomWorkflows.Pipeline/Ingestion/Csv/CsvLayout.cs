using EcomWorkflows.Pipeline.Ingestion.Parsing;

namespace EcomWorkflows.Pipeline.Ingestion.Csv;

/// <summary>Which field of a file's records is which declared column.</summary>
internal sealed class CsvLayout
{
    private readonly MappedRecord? mapped;

    private CsvLayout(IReadOnlyList<string> names, int[]? fieldOfColumn)
    {
        Names = names;
        mapped = fieldOfColumn is null ? null : new MappedRecord(fieldOfColumn);
    }

    /// <summary>Names of the fields, in their order.</summary>
    public IReadOnlyList<string> Names { get; }

    public int Fields => Names.Count;

    public static CsvLayout AsDeclared(IReadOnlyList<ColumnParser> columns) => new([.. columns.Select(column => column.Name)], null);

    /// <summary>By name, as the header says; of fields with the same name the first counts, and a column without a field is empty.</summary>
    public static CsvLayout From(List<string> header, IReadOnlyList<ColumnParser> columns)
    {
        var fields = columns.Select(column => header.FindIndex(name => string.Equals(name, column.Name, StringComparison.OrdinalIgnoreCase))).ToArray();
        var isAsDeclared = header.Count == columns.Count && fields.Index().All(field => field.Item == field.Index);
        return new CsvLayout(header, isAsDeclared ? null : fields);
    }

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
