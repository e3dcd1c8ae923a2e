using System.ComponentModel;
using System.Runtime.InteropServices;

namespace EcomWorkflows.Server.Database;

/// <summary>The few calls of the C library that .NET does not offer.</summary>
internal static class Libc
{
    public const int Interrupt = 2;

    public const int Quit = 3;

    public const int Kill = 9;

    public const int Terminate = 15;

    public static bool IsRoot => geteuid() == 0;

    public static uint UserId => geteuid();

    /// <summary>Gives a file or folder to another account.</summary>
    /// <exception cref="Win32Exception">The file system or the rights of the process do not allow it.</exception>
    public static void ChangeOwner(string path, uint user, uint group)
    {
        if (chown(path, user, group) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"cannot give {path} to user {user}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    /// <summary>Sends a signal; false where the process is gone or belongs to somebody else.</summary>
    public static bool Signal(int processId, int signal) => kill(processId, signal) == 0;

    /// <summary>The ids of an account, or null where the system does not know its name.</summary>
    public static (uint User, uint Group)? FindAccount(string name)
    {
        var entry = getpwnam(name);
        if (entry == 0)
            return null;

        // struct passwd: two pointers (name, password), then uid and gid.
        var ids = 2 * nint.Size;
        return ((uint)Marshal.ReadInt32(entry, ids), (uint)Marshal.ReadInt32(entry, ids + sizeof(uint)));
    }

    [DllImport("libc")]
    private static extern uint geteuid();

    [DllImport("libc", SetLastError = true)]
    private static extern int chown([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint owner, uint group);

    [DllImport("libc", SetLastError = true)]
    private static extern int kill(int processId, int signal);

    [DllImport("libc")]
    private static extern nint getpwnam([MarshalAs(UnmanagedType.LPUTF8Str)] string name);
}
