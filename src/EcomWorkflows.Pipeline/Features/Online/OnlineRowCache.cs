using System.Collections.Concurrent;
using System.Text;

namespace EcomWorkflows.Pipeline.Features.Online;

/// <summary>Rows of one view version that have been asked for, and entities known to have none.</summary>
/// <remarks>
/// A reader notes <see cref="Generation"/> before it asks the database and hands it back with what it found: if the cache was told of a change in between, the row is not
/// kept. So nothing older than the last notification stays.
/// </remarks>
internal sealed class OnlineRowCache(int capacity)
{
    private readonly ConcurrentDictionary<byte[], OnlineRow> rows = new(KeyComparer.Instance);
    private readonly Lock changing = new();
    private int count;
    private long generation;

    public long Generation => Volatile.Read(ref generation);

    public bool TryGet(ReadOnlySpan<byte> key, out OnlineRow? row) => rows.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out row);

    /// <param name="readAt">The generation before the row was read.</param>
    public void Add(byte[] key, OnlineRow row, long readAt)
    {
        lock (changing)
        {
            if (readAt != generation || capacity == 0)
                return;
            if (count >= capacity)
                MakeRoom();
            if (rows.TryAdd(key, row))
                count++;
        }
    }

    public void Remove(IEnumerable<string> keys)
    {
        lock (changing)
        {
            generation++;
            foreach (var key in keys)
            {
                if (rows.TryRemove(Encoding.UTF8.GetBytes(key), out _))
                    count--;
            }
        }
    }

    public void Clear()
    {
        lock (changing)
        {
            generation++;
            rows.Clear();
            count = 0;
        }
    }

    /// <summary>Drops a tenth, in the order of the hash, which is as good as any.</summary>
    private void MakeRoom()
    {
        foreach (var (key, _) in rows.Take(Math.Max(1, capacity / 10)))
        {
            if (rows.TryRemove(key, out _))
                count--;
        }
    }
}
