using System.Diagnostics;

namespace EcomWorkflows.Bench.Ingest;

/// <summary>Looks ten times a second at this process's memory and processor time and at what lies in a folder, until it is disposed.</summary>
internal sealed class Watch : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly List<(DateTimeOffset At, TimeSpan Cpu, long ResidentBytes)> looks = [];
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

    /// <summary>Processor seconds of this process between two moments.</summary>
    public double CpuBetween(DateTimeOffset from, DateTimeOffset to)
    {
        lock (looks)
            return (CpuAt(to) - CpuAt(from)).TotalSeconds;
    }

    /// <summary>Most resident bytes of this process between two moments.</summary>
    public long MostResidentBetween(DateTimeOffset from, DateTimeOffset to)
    {
        lock (looks)
            return looks.Where(look => look.At >= from && look.At <= to).Select(look => look.ResidentBytes).DefaultIfEmpty().Max();
    }

    private TimeSpan CpuAt(DateTimeOffset moment)
    {
        var after = looks.FindIndex(look => look.At >= moment);
        if (after <= 0)
            return looks[after < 0 ? ^1 : 0].Cpu;
        var (earlier, later) = (looks[after - 1], looks[after]);
        return earlier.Cpu + ((later.Cpu - earlier.Cpu) * ((moment - earlier.At) / (later.At - earlier.At)));
    }

    private async Task LookAsync(string folder)
    {
        using var process = Process.GetCurrentProcess();
        while (!ended.IsCancellationRequested)
        {
            process.Refresh();
            lock (looks)
                looks.Add((TimeProvider.System.GetUtcNow(), process.TotalProcessorTime, process.WorkingSet64));
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
