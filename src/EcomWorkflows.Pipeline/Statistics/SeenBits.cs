using EcomWorkflows.DuckDB;

namespace EcomWorkflows.Pipeline.Statistics;

/// <summary>Remembers one bit for each hash it is told, for any number of threads and hashes.</summary>
/// <param name="length">How many bits, a power of two.</param>
internal sealed class SeenBits(long length) : IDisposable
{
    private readonly UnmanagedArray<ulong> words = new((int)(length / 64));

    /// <summary>Says of each hash whether it was told before, or one that shares its bit.</summary>
    public void Add(DuckDbArguments rows, Span<bool> answers)
    {
        var seen = words.Items;
        var hashes = rows.Column<ulong>(0);
        for (var row = 0; row < hashes.Length; row++)
        {
            var bit = hashes[row] & (ulong)(length - 1);
            var one = 1UL << (int)(bit & 63);
            answers[row] = (Interlocked.Or(ref seen[(int)(bit >> 6)], one) & one) != 0;
        }
    }

    public void Dispose() => words.Dispose();
}
