namespace EcomWorkflows.Orchestration.Tasks;

/// <summary>Knows a failure for want of room, from .NET, from the database, or from a program or library that says it in the system's words.</summary>
public static class FullDisk
{
    // Linux's and macOS's number for "no space left on device"; over-quota writes fail with the other.
    private const int NoSpace = 28;

    private const int OverQuota = 122;

    // The last is .NET's own, of a file whose length it asks for before it writes; it gives no number with it.
    private static readonly string[] Words = ["No space left on device", "Disk quota exceeded", "because the disk was full"];

    /// <summary>Whether the failure, or what caused it, is a full disk.</summary>
    public static bool IsReason(Exception failure)
    {
        for (var one = failure; one is not null; one = one.InnerException)
        {
            if (one is IOException { HResult: NoSpace or OverQuota } || Words.Any(w => one.Message.Contains(w, StringComparison.OrdinalIgnoreCase)))
                return true;
        }
        return false;
    }
}
