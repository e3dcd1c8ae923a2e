using System.Threading.Channels;
using EcomWorkflows.Orchestration.Outages;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Server.Cli;
using Npgsql;

namespace EcomWorkflows.Server.Hosting;

/// <summary>Imports the workflow files again soon after one of them changes; a look at all of them now and then finds what no notice came for.</summary>
internal sealed class WorkflowWatcher(EnvironmentSettings settings, WorkflowImport import, OutageLog outages, TimeProvider time, ILogger<WorkflowWatcher> logger) : BackgroundService
{
    /// <summary>An editor writes a file in several steps; the import waits until nothing has happened for so long.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(500);

    private const string Looking = "The look at the workflow files";

    private static readonly TimeSpan Rescan = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        using var watcher = Watch(() => changes.Writer.TryWrite(true));
        // The first look, after the watch began, finds what changed between the program's own import and the watch.
        var known = await ImportAsync("", stoppingToken);
        while (true)
        {
            var changed = await WaitAsync(changes.Reader, Rescan, stoppingToken);
            while (changed && await WaitAsync(changes.Reader, Settling, stoppingToken))
            {
                // Still changing.
            }
            known = await ImportAsync(known, stoppingToken);
        }
    }

    private async Task<string> ImportAsync(string known, CancellationToken stoppingToken)
    {
        try
        {
            var errors = await import.RunAsync(stoppingToken);
            outages.Worked(Looking);
            var words = string.Join(Environment.NewLine, errors.SelectMany(Lines));
            if (words != known && words.Length > 0)
                logger.LogWarning("Workflow files that were not imported: {Problems}", words);
            return words;
        }
        catch (Exception failure) when (failure is IOException or NpgsqlException)
        {
            outages.Failed(Looking, failure);
            return known;
        }
        catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
        {
            logger.LogError(failure, "The workflow files could not be looked at");
            return known;
        }
    }

    private static IEnumerable<string> Lines(ImportError error) => error.Problems.Select(problem => $"{error.File}: {problem.Place}: {problem.Message}");

    /// <returns>Whether a change came before the time was over.</returns>
    private async Task<bool> WaitAsync(ChannelReader<bool> changes, TimeSpan longest, CancellationToken stoppingToken)
    {
        using var limit = new CancellationTokenSource(longest, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stoppingToken);
        try
        {
            await changes.ReadAsync(both.Token);
            return true;
        }
        catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Null where the folder cannot be watched; the regular look has to do then.</summary>
    private FileSystemWatcher? Watch(Action changed)
    {
        try
        {
            var watcher = new FileSystemWatcher(settings.WorkflowsFolder, "*.json") { NotifyFilter = NotifyFilters.FileName | NotifyFilters.LastWrite | NotifyFilters.Size };
            watcher.Changed += (_, _) => changed();
            watcher.Created += (_, _) => changed();
            watcher.Deleted += (_, _) => changed();
            watcher.Renamed += (_, _) => changed();
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception failure) when (failure is IOException or ArgumentException)
        {
            logger.LogWarning("{Folder} cannot be watched ({Reason}); it is looked at every {Seconds} seconds", settings.WorkflowsFolder, failure.Message, Rescan.TotalSeconds);
            return null;
        }
    }
}
