namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>Knows a refusal to write into a folder that belongs to another account or is on a file system that is read-only, from .NET or in git's words.</summary>
internal static class ClosedFolder
{
    // Linux's number for "read-only file system".
    private const int ReadOnlyFileSystem = 30;

    private static readonly string[] Words = ["Permission denied", "Read-only file system", "insufficient permission"];

    public static bool IsReason(Exception failure) => failure is UnauthorizedAccessException or IOException { HResult: ReadOnlyFileSystem };

    /// <summary>The line of a program's output that says so; null where none does.</summary>
    public static string? FindReason(string output) =>
        output.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => Words.Any(word => line.Contains(word, StringComparison.OrdinalIgnoreCase)));
}
