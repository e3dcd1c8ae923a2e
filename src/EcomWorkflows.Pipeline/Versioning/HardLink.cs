using System.Runtime.InteropServices;

namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>A second name for the same bytes, which .NET has no call for.</summary>
internal static class HardLink
{
    private const int AlreadyExists = 17;

    /// <summary>False where the file system or the rights of the process do not allow it; true also when <paramref name="target"/> is there already.</summary>
    public static bool TryCreate(string existing, string target) =>
        link(existing, target) == 0 || Marshal.GetLastPInvokeError() == AlreadyExists;

    [DllImport("libc", SetLastError = true)]
    private static extern int link([MarshalAs(UnmanagedType.LPUTF8Str)] string existing, [MarshalAs(UnmanagedType.LPUTF8Str)] string target);
}
