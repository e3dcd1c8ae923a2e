using System.Collections.Concurrent;
using System.Globalization;
using Dapper;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EcomWorkflows.Orchestration.Execution;

/// <summary>Deletes what attempts left in their scratch folders when their node was killed: nobody else would, and it may be most of a disk.</summary>
internal sealed class ScratchFolders(NpgsqlDataSource database, RunningAttempts running, OrchestrationOptions options, ILogger<ScratchFolders> logger) : ISweepStep
{
    private const string Prefix = "attempt-";

    // What cannot be deleted is said once, not at every sweep.
    private readonly ConcurrentDictionary<long, bool> stuck = new();

    public static string Of(OrchestrationOptions options, long attemptId) => Path.Combine(options.WorkRoot, $"{Prefix}{attemptId}");

    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(options.WorkRoot))
            return;
        // In this order: whoever has a folder is in the database already.
        var found = Directory.EnumerateDirectories(options.WorkRoot, $"{Prefix}*").Select(AttemptOf).OfType<long>().Except(stuck.Keys).ToList();
        var others = found.Except(running.AttemptIds).ToArray();
        if (others.Length == 0)
            return;
        foreach (var attemptId in await EndedAsync(others, cancellationToken))
            Delete(attemptId);
    }

    private static long? AttemptOf(string folder) =>
        long.TryParse(Path.GetFileName(folder)[Prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var attemptId) ? attemptId : null;

    private async Task<IEnumerable<long>> EndedAsync(long[] attempts, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QueryAsync<long>(new CommandDefinition(
            """
            select attempt_id
            from orchestration.task_attempt
            where attempt_id = any(@attempts)
              and ended_at is not null
            """,
            new { attempts }, cancellationToken: cancellationToken));
    }

    private void Delete(long attemptId)
    {
        var folder = Of(options, attemptId);
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Its own node, or another sweep, was quicker.
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            if (stuck.TryAdd(attemptId, true))
                logger.LogWarning("The scratch folder {Folder} of an attempt that has ended cannot be deleted: {Reason}", folder, refusal.Message);
        }
    }
}
