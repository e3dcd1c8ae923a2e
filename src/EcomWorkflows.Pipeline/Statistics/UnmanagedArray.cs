using System.Runtime.InteropServices;

namespace EcomWorkflows.Pipeline.Statistics;

/// <summary>
/// Zeros outside of the collected heap, for a large array of short use: its memory is the system's again when it is disposed, not after some later collection. Where the
/// system has large pages, it is made of them: an array that is read all over then misses its address far less often, and takes a fifth of the time to get.
/// </summary>
internal sealed unsafe class UnmanagedArray<T>(int length) : IDisposable
    where T : unmanaged
{
    private const nuint LargePage = 1 << 21;

    // MADV_HUGEPAGE of <sys/mman.h>.
    private const int InLargePages = 14;

    private T* items = Allocate((nuint)length * (nuint)sizeof(T));

    /// <summary>Its items, until it is disposed.</summary>
    public Span<T> Items => items is null ? throw new ObjectDisposedException(nameof(UnmanagedArray<>)) : new Span<T>(items, length);

    public void Dispose()
    {
        NativeMemory.AlignedFree(items);
        items = null;
    }

    private static T* Allocate(nuint bytes)
    {
        var block = NativeMemory.AlignedAlloc(bytes, bytes < LargePage ? (nuint)sizeof(ulong) : LargePage);
        // A wish: refused, the pages are small.
        if (bytes >= LargePage)
            _ = Memory.Advise(block, bytes, InLargePages);
        NativeMemory.Clear(block, bytes);
        return (T*)block;
    }
}
