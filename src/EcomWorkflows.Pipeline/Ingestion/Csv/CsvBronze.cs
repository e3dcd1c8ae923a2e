using System.Text;
using System.Text.Unicode;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Ingestion.Compression;
using EcomWorkflows.Pipeline.Ingestion.Drift;
using EcomWorkflows.Pipeline.Ingestion.Parsing;

namespace EcomWorkflows.Pipeline.Ingestion.Csv;

/// <summary>Reads a CSV file, plain or packed, into a <see cref="BronzeBuffer"/>; what is no row becomes a reject with its line.</summary>
/// <remarks>
/// Lines without quotes are read many at a time and column by column, which takes a small part of the time. Whatever is not as expected, be it a quote, the number of
/// fields, the encoding or a value, is read record by record; both ways give the same rows and rejects.
/// </remarks>
/// <param name="manyAtATime">Whether to; false is for tests that compare the two.</param>
internal sealed class CsvBronze(CsvFormat format, IReadOnlyList<ColumnParser> columns, string mappingFile, bool manyAtATime = true) : IBronzeReader
{
    private const int MostRecords = 2048;

    /// <summary>So many at first after a record that had to be read alone, since such records seldom come singly.</summary>
    private const int FewRecords = 16;

    /// <summary>Bounds the memory of a batch where a file has very many fields.</summary>
    private const int MostFields = 1 << 20;

    /// <exception cref="TaskFailedException">The file is empty, damaged, or in another encoding family.</exception>
    public FoundColumns? Probe(RawInput input, CancellationToken cancellationToken)
    {
        if (!format.Header)
            return null;
        using var stream = RawText.Open(input, format);
        var reader = new CsvRecordReader(stream, format.Delimiter, format.Quote);
        try
        {
            return reader.Read()
                ? new FoundColumns($"{input.Name} line {reader.Line}: the header", HeaderOf(reader), Encoding.UTF8.GetString(reader.Raw), HasOrder: true)
                : throw Empty(input.Name);
        }
        catch (InvalidDataException)
        {
            // Said when it is read, with the line that was reached.
            return null;
        }
    }

    /// <exception cref="TaskFailedException">The file is empty, cut off inside its compression, or in another encoding family.</exception>
    public void Read(RawInput input, BronzeBuffer bronze, CancellationToken cancellationToken)
    {
        using var stream = RawText.Open(input, format);
        var reader = new CsvRecordReader(stream, format.Delimiter, format.Quote);
        try
        {
            var layout = format.Header
                ? reader.Read() ? CsvLayout.From(HeaderOf(reader), columns) : throw Empty(input.Name)
                : CsvLayout.AsDeclared(columns);
            ReadRecords(reader, layout, bronze, cancellationToken);
        }
        catch (InvalidDataException damaged)
        {
            throw RawBytes.Damaged(input.Path, input.Name, reader.Line, damaged);
        }
        if (format.Header is false && bronze.Kept + bronze.Rejected == 0)
            throw Empty(input.Name);
    }

    public IEnumerable<(long Line, string Text)> Find(RawInput input, IReadOnlyList<long> lines, CancellationToken cancellationToken)
    {
        using var stream = RawText.Open(input, format);
        var reader = new CsvRecordReader(stream, format.Delimiter, format.Quote);
        foreach (var line in lines)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!TryFind(reader, line, input))
                yield break;
            if (reader.Line == line)
                yield return (line, RecordText.Of(reader.Raw));
        }
    }

    private static bool TryFind(CsvRecordReader reader, long line, RawInput input)
    {
        try
        {
            reader.SkipTo(line);
            return reader.Read();
        }
        catch (InvalidDataException damaged)
        {
            throw RawBytes.Damaged(input.Path, input.Name, reader.Line, damaged);
        }
    }

    private void ReadRecords(CsvRecordReader reader, CsvLayout layout, BronzeBuffer bronze, CancellationToken cancellationToken)
    {
        var batch = new RecordBatch(layout.Fields, Math.Clamp(MostFields / layout.Fields, 1, MostRecords));
        var most = manyAtATime ? batch.Capacity : 0;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var alone = 1;
            if (most > 0 && reader.TryRead(batch, Math.Min(most, bronze.Room)))
            {
                var isValid = IsValid(batch.Text);
                var added = isValid ? bronze.Add(batch, layout.FieldOfColumn) : 0;
                most = Math.Min(batch.Capacity, added == batch.Rows ? most * 2 : FewRecords);
                if (added == batch.Rows)
                    continue;
                reader.Keep(batch, added);
                alone = isValid ? 1 : batch.Rows;
            }
            for (; alone > 0; alone--)
            {
                if (!reader.Read())
                    return;
                Add(reader, layout, bronze);
            }
        }
    }

    private void Add(CsvRecordReader record, CsvLayout layout, BronzeBuffer bronze)
    {
        if (record.Fault == CsvFault.UnclosedQuote)
            bronze.Reject(record, null, RejectRule.Quote, "a quoted field is never closed");
        else if (record.Fault == CsvFault.TextAfterQuote)
            bronze.Reject(record, null, RejectRule.Quote, "text follows a closing quote; a quote inside a quoted field is written twice");
        else if (!IsValid(record.Raw))
            RejectEncoding(record, layout, bronze);
        else if (record.FieldCount != layout.Fields)
            bronze.Reject(record, null, RejectRule.Columns, WrongCount(record, layout.Fields));
        else
            bronze.Add(layout.Of(record));
    }

    private static string WrongCount(CsvRecordReader record, int fields) => record.HasLineEnd || record.FieldCount > fields
        ? $"{record.FieldCount} fields where {fields} are declared"
        : $"the file is cut off: its last line ends after {record.FieldCount} of {fields} fields, without a line end";

    // Other encodings are decoded before; what they could not decode is then the replacement character.
    private bool IsValid(ReadOnlySpan<byte> text) => format.IsUtf8 ? Utf8.IsValid(text) : text.IndexOf("\uFFFD"u8) < 0;

    private void RejectEncoding(CsvRecordReader record, CsvLayout layout, BronzeBuffer bronze)
    {
        string? column = null;
        for (var index = 0; index < record.FieldCount && record.FieldCount == layout.Fields && column is null; index++)
        {
            if (!IsValid(record.Field(index)))
                column = layout.Names[index];
        }
        bronze.Reject(
            record, column, RejectRule.Encoding,
            $"not {format.EncodingName}; where the whole file is written in another encoding, set \"encoding\" in {Path.GetFileName(mappingFile)}");
    }

    private static List<string> HeaderOf(CsvRecordReader reader) =>
        reader.Fault == CsvFault.None
            ? [.. CsvHeader.Names(Enumerable.Range(0, reader.FieldCount).Select(index => Encoding.UTF8.GetString(reader.Field(index))))]
            : [Encoding.UTF8.GetString(reader.Raw)];

    private TaskFailedException Empty(string name) => new(
        $"{name} is empty{(format.Header ? $": its first line must be the header {string.Join(',', columns.Select(column => column.Name))}" : "")}. Fetch the file again.",
        FailureCause.BadData, retryable: false);
}
