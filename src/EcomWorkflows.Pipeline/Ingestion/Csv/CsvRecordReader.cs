namespace EcomWorkflows.Pipeline.Ingestion.Csv;

/// <summary>
/// Splits a UTF-8 stream into records (RFC 4180) with the physical line each begins on. A line with broken quotes is reported alone and reading
/// goes on with the next line, so that one stray quote never swallows good records. Spans are valid until the next <see cref="Read"/> or <see cref="TryRead"/>.
/// </summary>
internal sealed class CsvRecordReader(Stream stream, byte delimiter, byte quote) : IRecord
{
    private const int SmallestBuffer = 1 << 12;
    private const int FirstBuffer = 1 << 20;

    // A quote that is still open after this much text is taken for a stray one.
    private const int LongestQuoted = 1 << 20;
    private const byte LineFeed = (byte)'\n';
    private const byte CarriageReturn = (byte)'\r';

    // Of a small file all of it and one byte more, in which its end is seen: a megabyte for each of a thousand such files keeps the garbage collector busy.
    private byte[] buffer = new byte[stream.CanSeek ? Math.Clamp(stream.Length + 1, SmallestBuffer, FirstBuffer) : FirstBuffer];
    private int start;
    private int end;
    private bool ended;
    private int consumed;
    private int lines;
    private int rawLength;
    private bool begun;
    private CsvField[] fields = new CsvField[32];
    private byte[] unescaped = [];

    /// <summary>The physical line on which the current record begins, from 1.</summary>
    public long Line { get; private set; } = 1;

    public int FieldCount { get; private set; }

    public CsvFault Fault { get; private set; }

    /// <summary>False for a last record without a line end.</summary>
    public bool HasLineEnd { get; private set; }

    /// <summary>The record's bytes without its line end; of a faulty one those of its first line.</summary>
    public ReadOnlySpan<byte> Raw => buffer.AsSpan(start, rawLength);

    /// <summary>
    /// Goes to the next records that are lines without a quote and have as many fields as the batch expects, as far as they are in memory; false where the next
    /// record is none of these: <see cref="Read"/> reads it then.
    /// </summary>
    /// <param name="most">Most records to take.</param>
    public bool TryRead(RecordBatch batch, int most)
    {
        Begin();
        Advance();
        (consumed, lines, rawLength) = (0, 0, 0);
        if (start == end && !Fill())
            return false;
        batch.Split(buffer.AsMemory(start, end - start), Line, delimiter, quote, most);
        Keep(batch, batch.Rows);
        return batch.Rows > 0;
    }

    /// <summary>Gives the records of a batch back from one on: they are read next.</summary>
    /// <param name="rows">How many records of the batch are not given back.</param>
    public void Keep(RecordBatch batch, int rows) => (consumed, lines) = batch.Extent(rows);

    /// <summary>Goes to the next record that is not an empty line; false at the end.</summary>
    public bool Read()
    {
        Begin();
        do
        {
            Advance();
            if (!FindLine())
                return false;
        }
        while (rawLength == 0);
        if (Raw.IndexOf(quote) < 0)
            SplitLine();
        else if (!SplitQuoted())
            FieldCount = 0;
        return true;
    }

    /// <summary>Goes to the start of a physical line, from which <see cref="Read"/> goes on; stays where that lies behind, and stops at the end.</summary>
    public void SkipTo(long line)
    {
        Begin();
        Advance();
        (consumed, lines, rawLength) = (0, 0, 0);
        while (Line < line)
        {
            var at = buffer.AsSpan(start, end - start).IndexOf(LineFeed);
            start = at < 0 ? end : start + at + 1;
            if (at >= 0)
                Line++;
            else if (!Fill())
                return;
        }
    }

    /// <summary>The field's text, quotes removed.</summary>
    public ReadOnlySpan<byte> Field(int index)
    {
        var field = fields[index];
        var text = buffer.AsSpan(start + field.Offset, field.Length);
        return field.HasDoubledQuotes ? Unescape(text) : text;
    }

    bool IRecord.TryField(int column, out ReadOnlySpan<byte> text)
    {
        text = Field(column);
        return true;
    }

    private void Advance()
    {
        start += consumed;
        Line += lines;
    }

    /// <summary>Skips a byte order mark.</summary>
    private void Begin()
    {
        if (begun)
            return;
        begun = true;
        if (At(0) == 0xEF && At(1) == 0xBB && At(2) == 0xBF)
            consumed = 3;
    }

    private bool FindLine()
    {
        Fault = CsvFault.None;
        var at = Find(LineFeed, 0, int.MaxValue);
        HasLineEnd = at >= 0;
        var length = HasLineEnd ? at : end - start;
        consumed = HasLineEnd ? at + 1 : length;
        lines = 1;
        rawLength = WithoutCarriageReturn(length);
        return consumed > 0;
    }

    private int WithoutCarriageReturn(int length) => length > 0 && buffer[start + length - 1] == CarriageReturn ? length - 1 : length;

    private void SplitLine()
    {
        var rest = Raw;
        var offset = 0;
        FieldCount = 0;
        int length;
        while ((length = rest.IndexOf(delimiter)) >= 0)
        {
            Add(new CsvField(offset, length, false));
            offset += length + 1;
            rest = rest[(length + 1)..];
        }
        Add(new CsvField(offset, rest.Length, false));
    }

    /// <summary>Splits a record with quotes, which may go on over several lines; false when its quotes are broken.</summary>
    private bool SplitQuoted()
    {
        FieldCount = 0;
        var position = 0;
        int after;
        while (true)
        {
            CsvField field;
            if (At(position) != quote)
                field = Unquoted(position, out after);
            else if (!TryQuoted(position, out field, out after))
                return false;
            Add(field);
            if (At(after) != delimiter)
                break;
            position = after + 1;
        }
        if (At(after) == CarriageReturn)
            after++;
        HasLineEnd = At(after) == LineFeed;
        rawLength = WithoutCarriageReturn(after);
        consumed = HasLineEnd ? after + 1 : after;
        lines = buffer.AsSpan(start, consumed).Count(LineFeed) + (HasLineEnd ? 0 : 1);
        return true;
    }

    private CsvField Unquoted(int position, out int after)
    {
        var lineFeed = Find(LineFeed, position, int.MaxValue);
        var lineEnd = lineFeed >= 0 ? lineFeed : end - start;
        var length = buffer.AsSpan(start + position, lineEnd - position).IndexOf(delimiter);
        after = length >= 0 ? position + length : lineEnd;
        return new CsvField(position, length >= 0 ? length : Math.Max(position, WithoutCarriageReturn(lineEnd)) - position, false);
    }

    private bool TryQuoted(int open, out CsvField field, out int after)
    {
        var doubled = false;
        var position = open + 1;
        while (true)
        {
            var close = Find(quote, position, open + LongestQuoted);
            if (close < 0)
                return Faulty(CsvFault.UnclosedQuote, out field, out after);
            after = close + 1;
            if (At(after) == quote)
            {
                doubled = true;
                position = after + 1;
                continue;
            }
            if (At(after) != delimiter && !IsLineEnd(after) && !(At(after) == CarriageReturn && IsLineEnd(after + 1)))
                return Faulty(CsvFault.TextAfterQuote, out field, out after);
            field = new CsvField(open + 1, close - open - 1, doubled);
            return true;
        }
    }

    private bool Faulty(CsvFault fault, out CsvField field, out int after)
    {
        Fault = fault;
        field = default;
        after = 0;
        return false;
    }

    private bool IsLineEnd(int position) => At(position) is -1 or LineFeed;

    private void Add(CsvField field)
    {
        if (FieldCount == fields.Length)
            Array.Resize(ref fields, fields.Length * 2);
        fields[FieldCount++] = field;
    }

    private ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> text)
    {
        if (unescaped.Length < text.Length)
            unescaped = new byte[text.Length];
        var length = 0;
        for (var index = 0; index < text.Length; index++)
        {
            unescaped[length++] = text[index];
            if (text[index] == quote)
                index++;
        }
        return unescaped.AsSpan(0, length);
    }

    /// <summary>The byte at a position relative to the record's start; -1 at the end of the stream.</summary>
    private int At(int position)
    {
        while (start + position >= end)
        {
            if (!Fill())
                return -1;
        }
        return buffer[start + position];
    }

    /// <summary>The next such byte from a position relative to the record's start, reading on where needed; -1 when there is none before the limit.</summary>
    private int Find(byte wanted, int from, int limit)
    {
        while (true)
        {
            var found = buffer.AsSpan(start + from, Math.Max(0, end - start - from)).IndexOf(wanted);
            if (found >= 0)
                return from + found;
            from = Math.Max(from, end - start);
            if (from > limit || !Fill())
                return -1;
        }
    }

    /// <summary>Reads more behind what is there; false at the end of the stream.</summary>
    private bool Fill()
    {
        if (ended)
            return false;
        if (end == buffer.Length)
        {
            if (start > 0)
            {
                buffer.AsSpan(start, end - start).CopyTo(buffer);
                end -= start;
                start = 0;
            }
            else
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }
        }
        var read = stream.Read(buffer, end, buffer.Length - end);
        end += read;
        ended = read == 0;
        return read > 0;
    }
}
