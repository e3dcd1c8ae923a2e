using System.Globalization;

namespace EcomWorkflows.Server.Database;

/// <summary>What a running server says of itself in <c>postmaster.pid</c>.</summary>
internal sealed record PostmasterFile(int ProcessId, int Port, string SocketFolder, string Status)
{
    private const int LineOfProcessId = 0;
    private const int LineOfPort = 3;
    private const int LineOfSocketFolder = 4;
    private const int LineOfStatus = 7;

    public bool IsReady => Status == "ready";

    public static string PathIn(string dataFolder) => Path.Combine(dataFolder, "postmaster.pid");

    /// <summary>The file's content so far (a starting server writes it line by line); null where there is none or it is empty.</summary>
    public static PostmasterFile? Read(string dataFolder) => ReadFrom(PathIn(dataFolder));

    /// <summary>Reads <c>postmaster.pid</c> or a socket's lock file, which has the same first lines.</summary>
    public static PostmasterFile? ReadFrom(string path)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        return int.TryParse(LineOrEmpty(lines, LineOfProcessId), CultureInfo.InvariantCulture, out var processId)
            ? new PostmasterFile(processId, Number(lines, LineOfPort), LineOrEmpty(lines, LineOfSocketFolder), LineOrEmpty(lines, LineOfStatus))
            : null;
    }

    /// <summary>Whether the process is alive and is the server of that data folder, not a stranger that got its number later.</summary>
    public bool IsServerOf(string dataFolder)
    {
        try
        {
            var arguments = File.ReadAllText($"/proc/{ProcessId}/cmdline").Split('\0');
            return arguments.Contains(dataFolder);
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException or IOException)
        {
            return false;
        }
    }

    private static int Number(string[] lines, int line) =>
        int.TryParse(LineOrEmpty(lines, line), CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static string LineOrEmpty(string[] lines, int line) => line < lines.Length ? lines[line].Trim() : "";
}
