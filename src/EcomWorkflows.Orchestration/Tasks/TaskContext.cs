using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Storage;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Orchestration.Tasks;

/// <summary>What a task gets to know and to use while one attempt of it runs.</summary>
public sealed class TaskContext(IAttemptServices services)
{
    public required AttemptIdentity Attempt { get; init; }

    /// <summary><c>manual</c>, <c>scheduled</c>, <c>backfill</c> or <c>asset_triggered</c>.</summary>
    public required string RunType { get; init; }

    public required DateTimeOffset LogicalDate { get; init; }

    /// <summary>Start of the data interval, UTC, inclusive.</summary>
    public required DateTimeOffset DataIntervalStart { get; init; }

    /// <summary>End of the data interval, UTC, exclusive.</summary>
    public required DateTimeOffset DataIntervalEnd { get; init; }

    /// <summary>The run's parameters, defaults filled in.</summary>
    public required JsonObject Params { get; init; }

    /// <summary>Structured log of this attempt; readable live on the run page.</summary>
    public required ILogger Logger { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Scratch folder of this attempt (spill files, temporary results), made when it is first asked for; deleted when the attempt has ended.</summary>
    public required string WorkFolder
    {
        get
        {
            Directory.CreateDirectory(field);
            return field;
        }
        init;
    }

    /// <summary>How often this attempt has been taken up, this time included; more than 1 after a wait.</summary>
    public int Check { get; init; } = 1;

    /// <summary>Number of the first try since the task was last cleared: the same for all tries that follow one another.</summary>
    public int FirstTry { get; init; } = 1;

    /// <summary>What the attempt's last check left for this one; empty at the first. It survives the loss of a node, not a clear.</summary>
    public JsonObject Memo { get; init; } = [];

    /// <summary>The answer to the question this attempt asked; null where none came in time, or none was asked.</summary>
    public TaskAnswer? Answer { get; init; }

    /// <summary>Settings of the task as the DAG gave them.</summary>
    public required TaskSettings Settings { get; init; }

    /// <summary>
    /// Publishes: runs <paramref name="publish"/> inside one PostgreSQL transaction that first locks and checks this attempt, and commits it.
    /// </summary>
    /// <exception cref="AttemptFencedException">The attempt lost its lease or was replaced; nothing was committed.</exception>
    public Task PublishAsync(Func<PublishScope, CancellationToken, Task> publish, CancellationToken cancellationToken) =>
        services.PublishAsync(Attempt, publish, cancellationToken);

    /// <summary>Names of the assets the task writes: its outlets, with the run's parameters filled in.</summary>
    public IReadOnlyList<string> Outlets => [.. Settings.Outlets.Select(o => AssetName.Resolve(o, Params)).OfType<string>()];

    /// <summary>
    /// Says what was written to an asset, inside the transaction that publishes it. When the attempt succeeds, the asset gets one event with these facts and the
    /// attempt's lineage, and the DAGs scheduled on it run.
    /// </summary>
    /// <param name="rows">Rows written; null where it has none.</param>
    /// <param name="extra">Anything else worth keeping with the event, for example the id of a snapshot.</param>
    /// <exception cref="TaskFailedException">The asset is none of the task's outlets.</exception>
    public Task RecordAssetAsync(PublishScope scope, string asset, long? rows, JsonObject? extra, CancellationToken cancellationToken) =>
        Outlets.Contains(asset)
            ? AssetStore.ReportAsync(scope, asset, rows, extra, cancellationToken)
            : throw new TaskFailedException(
                $"Task '{Attempt.TaskId}' reports the asset '{asset}', which is none of its outlets ({(Outlets.Count == 0 ? "it has none" : string.Join(", ", Outlets))}). Add it to them.",
                retryable: false);

    /// <summary>As the other, for a task that publishes no data of its own: in a transaction that holds only this.</summary>
    public Task RecordAssetAsync(string asset, long? rows, JsonObject? extra, CancellationToken cancellationToken) =>
        PublishAsync((scope, token) => RecordAssetAsync(scope, asset, rows, extra, token), cancellationToken);

    /// <summary>Outputs of an upstream task that is not mapped; null where it has none (skipped, or failed under a tolerant trigger rule).</summary>
    public async Task<TOutputs?> ReadOutputsAsync<TOutputs>(string taskId, CancellationToken cancellationToken)
        where TOutputs : class
    {
        var outputs = await services.ReadOutputsAsync(Attempt.RunId, taskId, cancellationToken);
        return outputs.Count == 0 ? null : outputs[0].Deserialize<TOutputs>(TaskJson.Options);
    }

    /// <summary>Outputs of all successful instances of an upstream task, in index order; of a task that is not mapped, one or none.</summary>
    public async Task<IReadOnlyList<TOutputs>> ReadAllOutputsAsync<TOutputs>(string taskId, CancellationToken cancellationToken)
        where TOutputs : class =>
        [.. (await services.ReadOutputsAsync(Attempt.RunId, taskId, cancellationToken)).Select(output => output.Deserialize<TOutputs>(TaskJson.Options)!)];

    /// <summary>Shows how far the attempt is.</summary>
    /// <param name="fraction">0 to 1, or null when unknown.</param>
    public void ReportProgress(double? fraction, string? message = null) => services.ReportProgress(Attempt, fraction, message);
}
