using System.Globalization;
using EcomWorkflows.Orchestration.Tasks;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Pipeline.Training.Registry;

/// <summary>The folders in which attempts write models before they are registered: <c>models/{name}/.staging/attempt-{id}</c>.</summary>
/// <param name="attempts">Knows the attempts whose folders stay; null where no orchestrator runs any.</param>
internal sealed class StagingFolders(PipelineOptions options, IOpenAttempts? attempts)
{
    /// <summary>
    /// How long nobody has written into what is deleted. A node that cannot reach the database goes on writing for a while though its attempt has ended; what it does then is refused when it wants
    /// to publish, and not for want of a folder. It also is more than what the clocks of machines that share the folder may differ by.
    /// </summary>
    private static readonly TimeSpan Silence = TimeSpan.FromHours(1);

    /// <summary>Deletes what attempts left when their program was killed: the folders, of any model, of those that are not among the open ones.</summary>
    internal async Task DeleteAbandonedAsync(TaskContext context, CancellationToken cancellationToken)
    {
        // In this order: whoever has a folder is in the database already.
        var found = Folders().ToList();
        if (found.Count == 0)
            return;
        HashSet<long> open = [.. (attempts is null ? [] : await attempts.ListAsync(cancellationToken)).Select(attempt => attempt.AttemptId), context.Attempt.AttemptId];
        foreach ((string folder, long attemptId) in found.Where(one => !open.Contains(one.AttemptId)))
            Delete(folder, attemptId, context);
    }

    private IEnumerable<(string Folder, long AttemptId)> Folders()
    {
        if (!Directory.Exists(options.ModelsFolder))
            yield break;
        foreach (string staging in Directory.EnumerateDirectories(options.ModelsFolder).Select(model => Path.Combine(model, ModelFolders.Staging)).Where(Directory.Exists))
        {
            foreach (string folder in Directory.EnumerateDirectories(staging, $"{ModelFolders.AttemptPrefix}*"))
            {
                if (long.TryParse(Path.GetFileName(folder)[ModelFolders.AttemptPrefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out long attemptId))
                    yield return (folder, attemptId);
            }
        }
    }

    private static void Delete(string folder, long attemptId, TaskContext context)
    {
        try
        {
            if (LastWrite(folder) > context.Time.GetUtcNow() - Silence)
                return;
            Directory.Delete(folder, recursive: true);
            context.Logger.LogInformation("Deleted {Folder}: attempt {AttemptId} ended without registering what it had written there", folder, attemptId);
        }
        catch (DirectoryNotFoundException)
        {
            // Its own node, or another training, was quicker.
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            context.Logger.LogWarning("The folder {Folder} that attempt {AttemptId} left cannot be deleted: {Reason}", folder, attemptId, refusal.Message);
        }
    }

    private static DateTimeOffset LastWrite(string folder) =>
        new DirectoryInfo(folder).EnumerateFileSystemInfos("*", SearchOption.AllDirectories).Append(new DirectoryInfo(folder)).Max(entry => entry.LastWriteTimeUtc);
}
