using System.Text.Json;

namespace EcomWorkflows.Orchestration.Tasks;

/// <summary>What the engine does for a running attempt behind its <see cref="TaskContext"/>.</summary>
public interface IAttemptServices
{
    /// <summary>Runs <paramref name="publish"/> in a transaction that has locked and checked the attempt first.</summary>
    Task PublishAsync(AttemptIdentity attempt, Func<PublishScope, CancellationToken, Task> publish, CancellationToken cancellationToken);

    /// <summary>The outputs of the newest successful attempt of each finished instance of a task in this run, by map index.</summary>
    Task<IReadOnlyList<JsonElement>> ReadOutputsAsync(long runId, string taskId, CancellationToken cancellationToken);

    void ReportProgress(AttemptIdentity attempt, double? fraction, string? message);
}
