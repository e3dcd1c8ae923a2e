using System.Runtime.InteropServices;

namespace EcomWorkflows.Pipeline.Statistics;

/// <summary>Memory from the system itself.</summary>
internal static unsafe partial class Memory
{
    // PROT_READ and PROT_WRITE, MAP_PRIVATE and MAP_ANONYMOUS of <sys/mman.h>.
    private const int Writable = 1 | 2;
    private const int Private = 2 | 0x20;

    // MAP_FAILED.
    private const nint Failed = -1;

    /// <summary>Zeros at a new place, until <see cref="Release"/>.</summary>
    /// <exception cref="InsufficientMemoryException">There are not so many.</exception>
    public static byte* Map(nuint length)
    {
        var place = Map(null, length, Writable, Private, file: -1, offset: 0);
        return (nint)place == Failed ? throw new InsufficientMemoryException($"The system has no {length >> 20} MB for an array.") : place;
    }

    /// <summary>madvise(2): 0 where the advice is taken.</summary>
    [LibraryImport("libc", EntryPoint = "madvise")]
    public static partial int Advise(void* address, nuint length, int advice);

    /// <summary>munmap(2): what <see cref="Map(nuint)"/> gave is the system's again.</summary>
    [LibraryImport("libc", EntryPoint = "munmap")]
    public static partial int Release(void* address, nuint length);

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial byte* Map(void* address, nuint length, int protection, int flags, int file, nint offset);
}
