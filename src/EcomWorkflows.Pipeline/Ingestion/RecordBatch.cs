using System.Numerics;
using System.Runtime.Intrinsics;

namespace EcomWorkflows.Pipeline.Ingestion;

/// <summary>Where the fields of many records lie that are lines of text without quotes.</summary>
/// <param name="fields">Fields of every record.</param>
/// <param name="capacity">Most records.</param>
internal sealed class RecordBatch(int fields, int capacity)
{
    private const byte LineFeed = (byte)'\n';
    private const byte CarriageReturn = (byte)'\r';

    // Of each record the place before its first field, then the place after each field.
    private readonly int[] borders = new int[capacity * (fields + 1)];
    private readonly int[] linesBefore = new int[capacity];
    private ReadOnlyMemory<byte> text;
    private long firstLine;
    private int bytes;
    private int lines;

    public int Rows { get; private set; }

    public int Capacity => capacity;

    /// <summary>The text of all records with their line ends, and of empty lines between them.</summary>
    public ReadOnlySpan<byte> Text => text.Span[..bytes];

    public ReadOnlySpan<byte> Field(ReadOnlySpan<byte> all, int row, int field) => all[Place(row, field)];

    /// <summary>Where a field is in <see cref="Text"/>.</summary>
    public Range Place(int row, int field)
    {
        var at = (row * (fields + 1)) + field;
        return (borders[at] + 1)..borders[at + 1];
    }

    /// <summary>The physical line a record is, from 1.</summary>
    public long Line(int row) => firstLine + linesBefore[row];

    /// <summary>Bytes and lines up to the end of so many records; all of them with the empty lines that follow the last.</summary>
    public (int Bytes, int Lines) Extent(int rows) => rows == Rows ? (bytes, lines) : (borders[rows * (fields + 1)] + 1, linesBefore[rows]);

    /// <summary>Takes the lines at the start of a text, up to the first that has a quote, another number of fields or no end.</summary>
    /// <param name="line">Number of the first line.</param>
    /// <param name="most">Most records to take.</param>
    public void Split(ReadOnlyMemory<byte> lineText, long line, byte delimiter, byte quote, int most)
    {
        (text, firstLine, bytes, lines, Rows) = (lineText, line, 0, 0, 0);
        var all = lineText.Span;
        var limit = Math.Min(most, capacity);
        var field = 0;
        borders[0] = -1;
        for (var block = 0; block < all.Length; block += Vector256<byte>.Count)
        {
            for (var marks = Marks(all[block..], delimiter, quote); marks != 0; marks &= marks - 1)
            {
                var at = block + BitOperations.TrailingZeroCount(marks);
                var mark = all[at];
                if (mark == LineFeed ? !TryEndLine(all, at, ref field) : mark == quote || ++field == fields)
                    return;
                if (mark != LineFeed)
                    borders[(Rows * (fields + 1)) + field] = at;
                else if (Rows == limit)
                    return;
            }
        }
    }

    /// <summary>Ends the line whose first fields were found; false where it is no record of so many fields.</summary>
    private bool TryEndLine(ReadOnlySpan<byte> all, int at, ref int field)
    {
        var record = Rows * (fields + 1);
        var textEnd = at > bytes && all[at - 1] == CarriageReturn ? at - 1 : at;
        var isEmpty = textEnd == bytes;
        if (!isEmpty && field != fields - 1)
            return false;
        if (!isEmpty)
        {
            borders[record + fields] = textEnd;
            linesBefore[Rows++] = lines;
            record += fields + 1;
        }
        bytes = at + 1;
        lines++;
        field = 0;
        if (Rows < capacity)
            borders[record] = at;
        return true;
    }

    /// <summary>A bit for each of the next 32 bytes that is a delimiter, a quote or a line feed.</summary>
    private static uint Marks(ReadOnlySpan<byte> text, byte delimiter, byte quote)
    {
        if (text.Length < Vector256<byte>.Count)
        {
            var marks = 0u;
            for (var index = 0; index < text.Length; index++)
            {
                if (text[index] == delimiter || text[index] == quote || text[index] == LineFeed)
                    marks |= 1u << index;
            }
            return marks;
        }
        var bytes = Vector256.Create(text);
        return (Vector256.Equals(bytes, Vector256.Create(delimiter)) | Vector256.Equals(bytes, Vector256.Create(quote)) | Vector256.Equals(bytes, Vector256.Create(LineFeed)))
            .ExtractMostSignificantBits();
    }
}
