using System.Text.Json;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.Execution;

/// <summary>Connects a task's context with storage and reporting.</summary>
internal sealed class AttemptServices(AttemptStore attempts, AttemptReporter reporter) : IAttemptServices
{
    public Task PublishAsync(AttemptIdentity attempt, Func<PublishScope, CancellationToken, Task> publish, CancellationToken cancellationToken) =>
        attempts.PublishAsync(attempt, publish, cancellationToken);

    public Task<IReadOnlyList<JsonElement>> ReadOutputsAsync(long runId, string taskId, CancellationToken cancellationToken) =>
        attempts.ReadOutputsAsync(runId, taskId, cancellationToken);

    public void ReportProgress(AttemptIdentity attempt, double? fraction, string? message) => reporter.Progress(attempt.AttemptId, fraction, message);
}
