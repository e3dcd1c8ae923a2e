using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Orchestration.Execution;

/// <summary>Log rows taken to be written by somebody else's transaction. Until this is disposed nothing else writes logs, so that rows keep their order.</summary>
/// <param name="rows">Stay the reporter's, which writes them the next time, unless <see cref="Written"/>.</param>
public sealed class WaitingLogs(List<LogRow> rows, SemaphoreSlim writing) : IDisposable
{
    public IReadOnlyList<LogRow> Rows => rows;

    /// <summary>The transaction has committed.</summary>
    public void Written() => rows.Clear();

    public void Dispose()
    {
        // What is left was sent in a transaction that ended nobody knows how, or was not sent at all.
        AttemptReporter.Suspect(rows);
        writing.Release();
    }
}
