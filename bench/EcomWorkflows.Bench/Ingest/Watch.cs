using System.Diagnostics;

namespace EcomWorkflows.Bench.Ingest;

/// <summary>Looks ten times a second at this process's memory and at what lies in a folder, until it is disposed.</summary>
internal sealed class Watch : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource ended = new();
    private readonly Task looking;

    public Watch(string folder) => looking = LookAsync(folder);

    public long MostResidentBytes { get; private set; }

    public long MostFolderBytes { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        await looking;
        ended.Dispose();
    }

    private async Task LookAsync(string folder)
    {
        using var process = Process.GetCurrentProcess();
        while (!ended.IsCancellationRequested)
        {
            process.Refresh();
            MostResidentBytes = Math.Max(MostResidentBytes, process.WorkingSet64);
            MostFolderBytes = Math.Max(MostFolderBytes, Bytes(folder));
            await Task.Delay(Interval, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static long Bytes(string folder)
    {
        try
        {
            return new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
        }
        catch (IOException)
        {
            return 0; // Something was deleted meanwhile; the next look counts.
        }
    }
}
