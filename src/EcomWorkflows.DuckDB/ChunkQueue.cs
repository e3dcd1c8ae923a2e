using EcomWorkflows.DuckDB.Native;

namespace EcomWorkflows.DuckDB;

/// <summary>Chunks on their way from a thread that writes them to one that reads them.</summary>
/// <remarks>
/// What bounds it is memory, not a number of chunks: a statement that writes Parquet takes none while it packs a row group, which are 60 chunks, and the writer goes on meanwhile.
/// </remarks>
internal sealed class ChunkQueue : IDisposable
{
    private const long MostBytes = 16L << 20;

    private readonly object _gate = new();
    private readonly Queue<(DataChunkHandle Chunk, long Bytes)> _chunks = [];
    private long _bytes;
    private bool _isComplete;
    private bool _isClosed;

    /// <summary>Adds a chunk as soon as there is room for it, or no other waits; false when the queue is closed.</summary>
    public bool TryAdd(DataChunkHandle chunk, long bytes)
    {
        lock (_gate)
        {
            while (!_isClosed && _chunks.Count > 0 && _bytes + bytes > MostBytes)
                Monitor.Wait(_gate);
            if (_isClosed)
                return false;
            _chunks.Enqueue((chunk, bytes));
            _bytes += bytes;
            Monitor.PulseAll(_gate);
            return true;
        }
    }

    /// <summary>The next chunk, as soon as there is one; null after the last, and when the queue is closed.</summary>
    public DataChunkHandle? Take()
    {
        lock (_gate)
        {
            while (!_isClosed && !_isComplete && _chunks.Count == 0)
                Monitor.Wait(_gate);
            if (_isClosed || !_chunks.TryDequeue(out var next))
                return null;
            _bytes -= next.Bytes;
            Monitor.PulseAll(_gate);
            return next.Chunk;
        }
    }

    /// <summary>Says that no chunk comes after those that were added.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _isComplete = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Drops what waits, and takes and gives nothing any more.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            while (_chunks.TryDequeue(out var left))
                left.Chunk.Dispose();
            Monitor.PulseAll(_gate);
        }
    }
}
