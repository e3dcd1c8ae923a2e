using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace EcomWorkflows.Orchestration.Execution;

/// <summary>What Linux tells about processes, and how to end a whole process group.</summary>
internal static partial class ProcessTable
{
    public const int SigTerm = 15;
    public const int SigKill = 9;

    public static string BootId { get; } = ReadBootId();

    /// <summary>Start time in clock ticks since boot; null when there is no such process.</summary>
    public static long? StartTicks(int processId) => Stat(processId) is { } fields ? long.Parse(fields[19], CultureInfo.InvariantCulture) : null;

    /// <summary>The process group; null when there is no such process.</summary>
    public static int? GroupOf(int processId) => Stat(processId) is { } fields ? int.Parse(fields[2], CultureInfo.InvariantCulture) : null;

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

    /// <summary>Our user's processes that were started, or whose parents were, with a variable (NAME=value) in their environment.</summary>
    public static IReadOnlyList<int> WithEnvironment(string variable)
    {
        var first = Encoding.UTF8.GetBytes($"{variable}\0");
        var further = Encoding.UTF8.GetBytes($"\0{variable}\0");
        var found = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var processId))
                continue;
            try
            {
                var environment = File.ReadAllBytes($"{folder}/environ").AsSpan();
                if (environment.StartsWith(first) || environment.IndexOf(further) >= 0)
                    found.Add(processId);
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                // Ended meanwhile, or another user's.
            }
        }
        return found;
    }

    /// <summary>Sends a signal to a process; one that is gone already is no error.</summary>
    public static void Signal(int processId, int signal) => _ = Kill(processId, signal);

    /// <summary>Sends a signal to a whole process group; one that is gone already is no error.</summary>
    public static void SignalGroup(int groupId, int signal) => _ = Kill(-groupId, signal);

    /// <summary>What ended a process, for a message: programs and shells give 128 plus the number of the signal, of which there are 64.</summary>
    public static string HowEnded(int exitCode) => exitCode is > 128 and <= 128 + 64 ? $"signal {exitCode - 128}" : $"exit code {exitCode}";

    /// <summary>The fields of a process from its state on; null when there is no such process.</summary>
    private static string[]? Stat(int processId)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            // The command name, in parentheses, may hold spaces: fields are counted after it, from field 3 on.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            // State Z: a dead process whose parent has not looked yet.
            return fields[0] == "Z" ? null : fields;
        }
        catch (IOException)
        {
            return null;
        }
    }

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
