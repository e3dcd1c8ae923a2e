using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Orchestration.Execution;

/// <summary>
/// The processes of one attempt, wherever they went: they inherit a variable whose value is the attempt's alone, so that those are found too that left session and group.
/// One that dropped the variable, or runs as another user, is not found.
/// </summary>
internal sealed class AttemptProcesses(long attemptId, ILogger log, TimeProvider time)
{
    public const string Variable = "ECOM_ATTEMPT";

    private static readonly TimeSpan BetweenRounds = TimeSpan.FromMilliseconds(10);

    // The number alone is that of an attempt of any other database, too.
    private readonly string mark = $"{attemptId}-{Guid.NewGuid():n}";

    public void Mark(ProcessStartInfo start) => start.Environment[Variable] = mark;

    /// <summary>Asks all of them to end.</summary>
    /// <param name="groupId">The group most of them are in.</param>
    public void Terminate(int groupId)
    {
        ProcessTable.SignalGroup(groupId, ProcessTable.SigTerm);
        // Nobody is asked twice: a second SIGTERM means haste to some.
        foreach (var process in Find().Where(p => ProcessTable.GroupOf(p) is { } group && group != groupId))
            ProcessTable.Signal(process, ProcessTable.SigTerm);
    }

    /// <summary>Kills all of them, and again those that were started meanwhile, until none is left.</summary>
    /// <param name="groupId">The group most of them are in.</param>
    /// <param name="atMost">How long one that does not go is looked for; one that hangs in the kernel cannot be killed.</param>
    public async Task KillAsync(int groupId, TimeSpan atMost)
    {
        ProcessTable.SignalGroup(groupId, ProcessTable.SigKill);
        var outside = new HashSet<int>();
        var begin = time.GetTimestamp();
        while (Find() is { Count: > 0 } left)
        {
            if (time.GetElapsedTime(begin) > atMost)
            {
                log.LogWarning("Processes of this attempt were killed and are not gone yet: {Processes}", string.Join(", ", left));
                break;
            }
            outside.UnionWith(left.Where(p => ProcessTable.GroupOf(p) is { } group && group != groupId));
            foreach (var process in left)
                ProcessTable.Signal(process, ProcessTable.SigKill);
            await Task.Delay(BetweenRounds, time, CancellationToken.None);
        }
        if (outside.Count > 0)
            log.LogInformation("Killed what had left the session of the attempt: {Count} processes", outside.Count);
    }

    private IReadOnlyList<int> Find() => ProcessTable.WithEnvironment($"{Variable}={mark}");
}
