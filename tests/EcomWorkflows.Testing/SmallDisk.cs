using System.Diagnostics;

namespace EcomWorkflows.Testing;

/// <summary>A file system of its own in memory, that can be filled to the last block and freed again. Needs the right to mount.</summary>
public sealed class SmallDisk : IDisposable
{
    private readonly string ballast;

    /// <exception cref="InvalidOperationException">It cannot be mounted.</exception>
    public SmallDisk(int megabytes)
    {
        Folder = Directory.CreateTempSubdirectory("ecom-small-disk-").FullName;
        ballast = Path.Combine(Folder, "ballast");
        File.SetUnixFileMode(Folder, File.GetUnixFileMode(Folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m,mode=0755", "tmpfs", Folder);
    }

    /// <summary>Why there can be none here; null where there can.</summary>
    public static string? Obstacle { get; } = Try();

    public string Folder { get; }

    /// <summary>Takes all that is left.</summary>
    public void Fill()
    {
        using var file = new FileStream(ballast, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 1);
        var block = new byte[4096];
        try
        {
            while (true)
                file.Write(block);
        }
        catch (IOException)
        {
            // Full, which is what was wanted.
        }
    }

    /// <summary>A folder on it that belongs to the account of a process.</summary>
    public string FolderOf(int processId)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Folder, "data")).FullName;
        Run("chown", $"--reference=/proc/{processId}", folder);
        return folder;
    }

    /// <summary>From now on it can be read only.</summary>
    public void Close() => Run("mount", "-o", "remount,ro", Folder);

    public void Free() => File.Delete(ballast);

    public void Dispose()
    {
        Run("umount", "--lazy", Folder);
        Directory.Delete(Folder);
    }

    private static string? Try()
    {
        try
        {
            using var disk = new SmallDisk(1);
            return null;
        }
        catch (Exception refused) when (refused is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return $"no small file system can be mounted here, which needs root: {refused.Message.Trim()}";
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {said}");
    }
}
