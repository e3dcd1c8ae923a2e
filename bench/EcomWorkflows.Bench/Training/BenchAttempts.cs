using System.Text.Json;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Tasks;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace EcomWorkflows.Bench.Training;

/// <summary>Lets a task run by itself: it publishes to the database, without an orchestrator around it.</summary>
internal sealed class BenchAttempts(NpgsqlDataSource database, string home) : IAttemptServices
{
    private long attempts;

    public TaskContext Context(string task)
    {
        var attempt = ++attempts;
        var now = TimeProvider.System.GetUtcNow();
        return new TaskContext(this)
        {
            Attempt = new AttemptIdentity(attempt, 1, "bench", "manual__1", 1, task, -1, 1),
            RunType = "manual",
            LogicalDate = now,
            DataIntervalStart = now.AddDays(-1),
            DataIntervalEnd = now,
            Params = [],
            Logger = NullLogger.Instance,
            Time = TimeProvider.System,
            WorkFolder = Path.Combine(home, "work", $"{attempt}"),
            Settings = new TaskSettings(),
        };
    }

    public async Task PublishAsync(AttemptIdentity attempt, Func<PublishScope, CancellationToken, Task> publish, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await publish(new PublishScope(connection, transaction, attempt), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    public Task<IReadOnlyList<JsonElement>> ReadOutputsAsync(long runId, string taskId, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<JsonElement>>([]);

    public void ReportProgress(AttemptIdentity attempt, double? fraction, string? message)
    {
    }
}
