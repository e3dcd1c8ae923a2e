using System.Diagnostics;
using EcomWorkflows.Server.Database;
using Xunit;

namespace EcomWorkflows.Server.Tests.Cli.Datasets;

/// <summary>A fact that needs a small file system of its own; skipped, with the reason, where the tests may not mount one.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MountFactAttribute : FactAttribute
{
    public MountFactAttribute()
    {
        if (!Libc.IsRoot || !CanMount())
            Skip = "needs the right to mount a file system, to fill it";
    }

    private static bool CanMount()
    {
        using var test = Process.Start(new ProcessStartInfo("unshare", ["-m", "sh", "-c", "mount -t tmpfs -o size=64k tmpfs /mnt"]) { RedirectStandardError = true })!;
        test.WaitForExit();
        return test.ExitCode == 0;
    }
}
