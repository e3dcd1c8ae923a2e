using System.Runtime.InteropServices;

namespace EcomWorkflows.Pipeline.Statistics;

/// <summary>Zeros outside of the collected heap, for a large array of short use: its memory is the system's again when it is disposed, not after some later collection.</summary>
internal sealed unsafe class UnmanagedArray<T>(int length) : IDisposable
    where T : unmanaged
{
    private T* items = (T*)NativeMemory.AllocZeroed((nuint)length, (nuint)sizeof(T));

    /// <summary>Its items, until it is disposed.</summary>
    public Span<T> Items => items is null ? throw new ObjectDisposedException(nameof(UnmanagedArray<>)) : new Span<T>(items, length);

    public void Dispose()
    {
        NativeMemory.Free(items);
        items = null;
    }
}
