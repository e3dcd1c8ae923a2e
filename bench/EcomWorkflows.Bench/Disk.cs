using System.Diagnostics;

namespace EcomWorkflows.Bench;

/// <summary>The disk that everything measured shares.</summary>
internal static class Disk
{
    /// <summary>Waits until all that was written is on the disk: what one left to be written would hold up the commits of the next.</summary>
    public static async Task SettleAsync(CancellationToken cancellationToken)
    {
        using var sync = Process.Start("sync");
        await sync.WaitForExitAsync(cancellationToken);
    }
}
