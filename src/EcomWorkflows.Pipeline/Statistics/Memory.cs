using System.Runtime.InteropServices;

namespace EcomWorkflows.Pipeline.Statistics;

/// <summary>What the system is told of memory.</summary>
internal static unsafe partial class Memory
{
    /// <summary>madvise(2): 0 where the advice is taken.</summary>
    [LibraryImport("libc", EntryPoint = "madvise")]
    public static partial int Advise(void* address, nuint length, int advice);
}
