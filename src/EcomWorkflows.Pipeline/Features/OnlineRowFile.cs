using EcomWorkflows.DuckDB;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>Rows for the online store in a file, as PostgreSQL's binary COPY takes them: written while they are computed, sent when the attempt publishes.</summary>
internal sealed class OnlineRowFile : IDisposable
{
    private const int FlushAt = 1 << 20;

    private readonly FileStream file;
    private readonly CopyBuffer buffer = new(FlushAt);
    private readonly double[][] values;
    private readonly ulong[] words;
    private readonly byte[] packed;
    private readonly long microseconds;

    /// <param name="eventTimestamp">The time the values belong to.</param>
    public OnlineRowFile(string path, int features, DateTimeOffset eventTimestamp)
    {
        file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        values = [.. Enumerable.Range(0, features).Select(_ => Array.Empty<double>())];
        words = new ulong[features];
        packed = new byte[CompactValues.MostBytes(features)];
        microseconds = CopyBuffer.Timestamp(eventTimestamp);
        buffer.Header();
    }

    /// <summary>Adds the reader's current chunk.</summary>
    /// <param name="key">Column of the entity's key, a text.</param>
    /// <param name="firstFeature">Column of the first feature; all of them are doubles.</param>
    public void Add(DuckDbReader rows, int key, int firstFeature)
    {
        for (var feature = 0; feature < values.Length; feature++)
            Load(rows, firstFeature + feature, ref values[feature]);
        var keys = rows.Texts(key);
        for (var row = 0; row < rows.ChunkRows; row++)
            Add(keys[row], row);
        if (buffer.Length >= FlushAt)
            Flush();
    }

    /// <summary>Writes the end of the rows; the file is complete then.</summary>
    public void Complete()
    {
        buffer.Trailer();
        Flush();
    }

    public void Dispose() => file.Dispose();

    private void Add(ReadOnlySpan<byte> key, int row)
    {
        for (var feature = 0; feature < words.Length; feature++)
            words[feature] = CompactValues.BitsOf(values[feature][row]);
        buffer.Row(fields: 3);
        buffer.Text(key);
        buffer.Int64(microseconds);
        buffer.Text(packed.AsSpan(0, CompactValues.WriteShorter(words, packed)));
    }

    private static void Load(DuckDbReader rows, int column, ref double[] known)
    {
        var values = rows.Column<double>(column);
        var validity = rows.Validity(column);
        if (known.Length < values.Length)
            known = new double[values.Length];
        values.CopyTo(known);
        for (var row = 0; row < values.Length && validity.MayBeNull; row++)
            if (!validity.IsKnown(row))
                known[row] = double.NaN;
    }

    private void Flush()
    {
        file.Write(buffer.Written.Span);
        buffer.Clear();
    }
}
