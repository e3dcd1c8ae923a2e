using System.Buffers.Text;
using System.Text;

namespace EcomWorkflows.Pipeline.Simulation.Export;

/// <summary>Writes one comma-separated file row by row, without an object per row; the file appears under its name when it is complete.</summary>
internal sealed class CsvFile : IDisposable
{
    private const int FlushAt = 1 << 17;
    private const int LongestRow = 4_096;

    private readonly FileStream stream;
    private readonly string path;
    private readonly byte[] buffer = new byte[FlushAt + LongestRow];
    private int used;
    private int rowStart;
    private bool complete;

    public CsvFile(string folder, string name, IReadOnlyList<string> columns)
    {
        Name = name;
        Columns = columns;
        path = Path.Combine(folder, name);
        stream = new FileStream(path + ".part", FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        WriteRow(columns);
    }

    public string Name { get; }

    public IReadOnlyList<string> Columns { get; }

    /// <summary>Lines written so far, the header included: the number of the last one.</summary>
    public long Line { get; private set; }

    public CsvFile Begin()
    {
        if (used >= FlushAt)
            Flush();
        rowStart = used;
        return this;
    }

    public CsvFile Text(ReadOnlySpan<byte> ascii)
    {
        ascii.CopyTo(buffer.AsSpan(used));
        used += ascii.Length;
        return Comma();
    }

    /// <summary>A letter and a number of at least <paramref name="digits"/> digits, for example <c>C0000017</c>.</summary>
    public CsvFile Id(char prefix, long number, int digits)
    {
        buffer[used++] = (byte)prefix;
        Utf8Formatter.TryFormat(number, buffer.AsSpan(used), out var written, new System.Buffers.StandardFormat('D', (byte)digits));
        used += written;
        return Comma();
    }

    public CsvFile Number(long number)
    {
        Utf8Formatter.TryFormat(number, buffer.AsSpan(used), out var written);
        used += written;
        return Comma();
    }

    /// <summary>Euro with two decimals.</summary>
    public CsvFile Money(long cents)
    {
        Utf8Formatter.TryFormat(cents / 100, buffer.AsSpan(used), out var written);
        used += written;
        buffer[used++] = (byte)'.';
        TwoDigits((int)(cents % 100));
        return Comma();
    }

    public CsvFile Timestamp(DateOnly date, int second)
    {
        Day(date);
        buffer[used++] = (byte)' ';
        TwoDigits(second / 3600);
        buffer[used++] = (byte)':';
        TwoDigits(second / 60 % 60);
        buffer[used++] = (byte)':';
        TwoDigits(second % 60);
        return Comma();
    }

    public CsvFile Date(DateOnly? date)
    {
        if (date is { } day)
            Day(day);
        return Comma();
    }

    public void End()
    {
        buffer[used - 1] = (byte)'\n';
        Line++;
    }

    /// <summary>Writes fields as they are, one byte per character.</summary>
    public void WriteRow(IReadOnlyList<string> fields)
    {
        Begin();
        foreach (var field in fields)
        {
            used += Encoding.Latin1.GetBytes(field, buffer.AsSpan(used));
            Comma();
        }
        End();
    }

    /// <summary>Takes the row written last out again and returns its fields; none of them is quoted.</summary>
    public string[] TakeBack()
    {
        var fields = Encoding.Latin1.GetString(buffer, rowStart, used - rowStart - 1).Split(',');
        used = rowStart;
        Line--;
        return fields;
    }

    /// <summary>Gives the file its name.</summary>
    public void Complete()
    {
        Flush();
        complete = true;
        stream.Dispose();
        File.Move(path + ".part", path, overwrite: true);
    }

    public void Dispose()
    {
        if (complete)
            return;
        stream.Dispose();
        File.Delete(path + ".part");
    }

    private void Flush()
    {
        stream.Write(buffer, 0, used);
        used = 0;
        rowStart = 0;
    }

    private CsvFile Comma()
    {
        buffer[used++] = (byte)',';
        return this;
    }

    private void Day(DateOnly date)
    {
        TwoDigits(date.Year / 100);
        TwoDigits(date.Year % 100);
        buffer[used++] = (byte)'-';
        TwoDigits(date.Month);
        buffer[used++] = (byte)'-';
        TwoDigits(date.Day);
    }

    private void TwoDigits(int number)
    {
        buffer[used++] = (byte)('0' + (number / 10));
        buffer[used++] = (byte)('0' + (number % 10));
    }
}
