namespace EcomWorkflows.Pipeline.Ingestion.Json;

/// <summary>Splits a stream into lines; a line is valid until the next <see cref="Read"/>.</summary>
internal sealed class LineReader(Stream stream)
{
    private const int FirstBuffer = 1 << 18;

    private byte[] buffer = new byte[FirstBuffer];
    private int start;
    private int end;
    private int next;
    private bool ended;

    /// <summary>Number of the current line, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>The line without its end.</summary>
    public ReadOnlyMemory<byte> Line { get; private set; }

    /// <summary>Goes to the next line; false at the end.</summary>
    public bool Read()
    {
        start = next;
        var searched = 0;
        int at;
        while ((at = buffer.AsSpan(start + searched, end - start - searched).IndexOf((byte)'\n')) < 0)
        {
            searched = end - start;
            if (!Fill())
                break;
        }
        if (at < 0 && searched == 0)
            return false;
        var length = at < 0 ? searched : searched + at;
        next = start + length + (at < 0 ? 0 : 1);
        if (length > 0 && buffer[start + length - 1] == (byte)'\r')
            length--;
        Line = buffer.AsMemory(start, length);
        Number++;
        return true;
    }

    private bool Fill()
    {
        if (ended)
            return false;
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }
        else if (end == buffer.Length)
        {
            Array.Resize(ref buffer, buffer.Length * 2);
        }
        var read = stream.Read(buffer, end, buffer.Length - end);
        end += read;
        ended = read == 0;
        return read > 0;
    }
}
