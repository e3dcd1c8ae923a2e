namespace EcomWorkflows.Pipeline.Scoring;

/// <summary>Keys of many rows as UTF-8 in one piece of memory: a million strings would cost ten times as much.</summary>
internal sealed class RowKeys
{
    private byte[] _bytes = new byte[1 << 16];
    private int[] _ends = new int[1 << 12];

    internal int Count { get; private set; }

    internal ReadOnlySpan<byte> this[int index]
    {
        get
        {
            int start = index == 0 ? 0 : _ends[index - 1];
            return _bytes.AsSpan(start, _ends[index] - start);
        }
    }

    internal void Add(ReadOnlySpan<byte> key)
    {
        int start = Count == 0 ? 0 : _ends[Count - 1];
        int end = checked(start + key.Length);
        if (end > _bytes.Length)
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(2L * _bytes.Length, end)));
        if (Count == _ends.Length)
            Array.Resize(ref _ends, 2 * Count);
        key.CopyTo(_bytes.AsSpan(start));
        _ends[Count++] = end;
    }

    /// <summary>Forgets all keys and keeps the memory for others.</summary>
    internal void Clear() => Count = 0;
}
