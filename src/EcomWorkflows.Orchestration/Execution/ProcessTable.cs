using System.Globalization;
using System.Runtime.InteropServices;

namespace EcomWorkflows.Orchestration.Execution;

/// <summary>What Linux tells about processes, and how to end a whole process group.</summary>
internal static partial class ProcessTable
{
    public const int SigTerm = 15;
    public const int SigKill = 9;

    public static string BootId { get; } = ReadBootId();

    /// <summary>Start time in clock ticks since boot; null when there is no such process.</summary>
    public static long? StartTicks(int processId)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            // The command name, in parentheses, may hold spaces: fields are counted after it. Start time is field 22.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            // State Z: a dead process whose parent has not looked yet.
            return fields[0] == "Z" ? null : long.Parse(fields[19], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Resident memory in bytes; null when there is no such process.</summary>
    public static long? ResidentBytes(int processId)
    {
        try
        {
            var pages = File.ReadAllText($"/proc/{processId}/statm").Split(' ')[1];
            return long.Parse(pages, CultureInfo.InvariantCulture) * Environment.SystemPageSize;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Sends a signal to a whole process group; one that is gone already is no error.</summary>
    public static void SignalGroup(int groupId, int signal) => _ = Kill(-groupId, signal);

    /// <summary>What ended a process, for a message: programs and shells give 128 plus the number of the signal, of which there are 64.</summary>
    public static string HowEnded(int exitCode) => exitCode is > 128 and <= 128 + 64 ? $"signal {exitCode - 128}" : $"exit code {exitCode}";

    private static string ReadBootId()
    {
        try
        {
            return File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
        }
        catch (IOException)
        {
            return "";
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);
}
