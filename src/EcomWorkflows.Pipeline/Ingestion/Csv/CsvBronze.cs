using System.Text;
using System.Text.Unicode;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Ingestion.Parsing;

namespace EcomWorkflows.Pipeline.Ingestion.Csv;

/// <summary>Reads a CSV file, plain or gzip, into a <see cref="BronzeBuffer"/>; what is no row becomes a reject with its line.</summary>
internal sealed class CsvBronze(CsvFormat format, IReadOnlyList<ColumnParser> columns, string mappingFile)
{
    private const int CheckEvery = 65_536;

    /// <exception cref="TaskFailedException">The file is empty, cut off inside its compression, in another encoding family, or its header is not the declared one.</exception>
    public void Read(string path, string name, BronzeBuffer bronze, CancellationToken cancellationToken)
    {
        using var stream = RawText.Open(path, name, format);
        var reader = new CsvRecordReader(stream, format.Delimiter, format.Quote);
        try
        {
            if (format.Header)
                CheckHeader(reader, name);
            for (var records = 0L; reader.Read(); records++)
            {
                Add(reader, bronze);
                if (records % CheckEvery == 0)
                    cancellationToken.ThrowIfCancellationRequested();
            }
        }
        catch (InvalidDataException damaged)
        {
            throw new TaskFailedException(
                $"{name}: the gzip data is damaged or cut off after line {reader.Line}: {damaged.Message} Fetch the file again; nothing of it was published.",
                FailureCause.BadData, retryable: false, damaged);
        }
        if (format.Header is false && bronze.Kept + bronze.Rejected == 0)
            throw Empty(name);
    }

    private void Add(CsvRecordReader record, BronzeBuffer bronze)
    {
        if (record.Fault == CsvFault.UnclosedQuote)
            bronze.Reject(record, null, RejectRule.Quote, "a quoted field is never closed");
        else if (record.Fault == CsvFault.TextAfterQuote)
            bronze.Reject(record, null, RejectRule.Quote, "text follows a closing quote; a quote inside a quoted field is written twice");
        else if (!IsValid(record.Raw))
            RejectEncoding(record, bronze);
        else if (record.FieldCount != columns.Count)
            bronze.Reject(record, null, RejectRule.Columns, WrongCount(record));
        else
            bronze.Add(record);
    }

    private string WrongCount(CsvRecordReader record) => record.HasLineEnd || record.FieldCount > columns.Count
        ? $"{record.FieldCount} fields where {columns.Count} are declared"
        : $"the file is cut off: its last line ends after {record.FieldCount} of {columns.Count} fields, without a line end";

    // Other encodings are decoded before; what they could not decode is then the replacement character.
    private bool IsValid(ReadOnlySpan<byte> text) => format.IsUtf8 ? Utf8.IsValid(text) : text.IndexOf("\uFFFD"u8) < 0;

    private void RejectEncoding(CsvRecordReader record, BronzeBuffer bronze)
    {
        string? column = null;
        for (var index = 0; index < record.FieldCount && record.FieldCount == columns.Count && column is null; index++)
        {
            if (!IsValid(record.Field(index)))
                column = columns[index].Name;
        }
        bronze.Reject(
            record, column, RejectRule.Encoding,
            $"not {format.EncodingName}; where the whole file is written in another encoding, set \"encoding\" in {Path.GetFileName(mappingFile)}");
    }

    private void CheckHeader(CsvRecordReader reader, string name)
    {
        if (!reader.Read())
            throw Empty(name);
        var found = Enumerable.Range(0, reader.FieldCount).Select(index => Encoding.UTF8.GetString(reader.Field(index)).Trim()).ToList();
        var declared = columns.Select(column => column.Name).ToList();
        if (reader.Fault == CsvFault.None && found.SequenceEqual(declared, StringComparer.OrdinalIgnoreCase))
            return;
        var missing = declared.Except(found, StringComparer.OrdinalIgnoreCase).ToList();
        var unknown = found.Except(declared, StringComparer.OrdinalIgnoreCase).ToList();
        var difference = missing.Count + unknown.Count == 0
            ? "The columns are the same in another order."
            : $"Missing: {Listed(missing)}. Not declared: {Listed(unknown)}.";
        throw new TaskFailedException(
            $"{name} line {reader.Line}: the header is not the declared one. Declared: {string.Join(',', declared)}. Found: {Encoding.UTF8.GetString(reader.Raw)}. "
            + $"{difference} Correct the file, or the columns in {mappingFile}.",
            FailureCause.BadData, retryable: false);
    }

    private static string Listed(List<string> names) => names.Count == 0 ? "none" : string.Join(", ", names);

    private TaskFailedException Empty(string name) => new(
        $"{name} is empty{(format.Header ? $": its first line must be the header {string.Join(',', columns.Select(column => column.Name))}" : "")}. Fetch the file again.",
        FailureCause.BadData, retryable: false);
}
