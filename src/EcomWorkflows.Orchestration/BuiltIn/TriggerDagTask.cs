using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Scheduling;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>
/// Runs another DAG. The run's name is made of this task instance and its first try since the last clear, so that however often the task is tried, one run is made;
/// a clear of this task makes a new one.
/// </summary>
[TaskType("Core.TriggerDag", DisplayName = "Run another DAG", Category = "Core", Description = "Starts a run of another DAG, and waits for its end if told to, without holding a slot.")]
public sealed class TriggerDagTask(ManualRuns runs, RunReader reader, RerunStore reruns, RunStore starts) : ITask<TriggerDagInputs, TriggerDagOutputs>
{
    private const string RunKey = "run_id";
    private const string UntilKey = "until";

    public async Task<TaskResult<TriggerDagOutputs>> RunAsync(TriggerDagInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        if (inputs.Wait && inputs.DagId == context.Attempt.DagId)
            throw new TaskFailedException("A DAG cannot wait for a run of itself.", retryable: false);
        var runId = context.Memo[RunKey]?.GetValue<long>() ?? await TriggerAsync(inputs, context, cancellationToken);
        var run = await reader.GetAsync(runId, cancellationToken);
        if (!inputs.Wait)
            return new TriggerDagOutputs(run.RunKey, run.State);
        var until = context.Memo[UntilKey]?.GetValue<DateTimeOffset>()
            ?? (inputs.WaitTimeoutSeconds is { } seconds ? context.Time.GetUtcNow() + TimeSpan.FromSeconds(seconds) : null);
        return run.State switch
        {
            "success" => new TriggerDagOutputs(run.RunKey, run.State),
            "failed" => throw new TaskFailedException($"Run {run.RunKey} of DAG '{inputs.DagId}' has failed{(run.Message is null ? "" : $": {run.Message}")}."),
            _ when until <= context.Time.GetUtcNow() => throw new TaskFailedException(
                $"Run {run.RunKey} of DAG '{inputs.DagId}' has not ended within {TimeSpan.FromSeconds(inputs.WaitTimeoutSeconds!.Value)}; it is {run.State}.",
                FailureCause.Timeout, retryable: false),
            _ => new TaskResult<TriggerDagOutputs>.Deferred($"run:{runId}", until) { Memo = new JsonObject { [RunKey] = runId, [UntilKey] = until } },
        };
    }

    private async Task<long> TriggerAsync(TriggerDagInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        var attempt = context.Attempt;
        var mapped = attempt.MapIndex < 0 ? "" : $"_{attempt.MapIndex}";
        var key = $"triggered__{attempt.DagId}.{attempt.TaskId}__{attempt.RunId}{mapped}_{context.FirstTry}";
        if (key.Length > RunName.MaxLength)
            key = $"triggered__{DagStore.Sha256(key)}";
        var creation = await runs.TriggerAsync(
            inputs.DagId, inputs.Params, inputs.LogicalDate ?? context.LogicalDate, $"task:{attempt.DagId}.{attempt.TaskId}", cancellationToken, key,
            $"Started by task {attempt.TaskId} of {attempt.DagId}, run {attempt.RunKey}");
        if (creation.IsNew)
        {
            context.Logger.LogInformation("Started run {RunKey} of {DagId}", creation.RunKey, inputs.DagId);
            return creation.RunId;
        }
        context.Logger.LogInformation("Run {RunKey} of {DagId} was started by an earlier try", creation.RunKey, inputs.DagId);
        // A retry of this task because that run failed: what failed in it is run again, instead of all of it in another run.
        if (inputs.Wait && (await reader.GetAsync(creation.RunId, cancellationToken)).State == "failed")
        {
            var actor = $"task:{attempt.DagId}.{attempt.TaskId}";
            await reruns.ClearAsync(creation.RunId, new ClearSelection(OnlyFailed: true), dryRun: false, actor, cancellationToken);
            await starts.StartWaitingAsync(actor, cancellationToken);
        }
        return creation.RunId;
    }
}
