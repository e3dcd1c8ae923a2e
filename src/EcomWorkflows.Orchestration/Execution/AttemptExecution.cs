using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EcomWorkflows.Orchestration.Execution;

/// <summary>Runs one attempt in this process: inputs, scratch folder, the task itself, judgement. It never throws for what a task did; it returns the outcome.</summary>
internal sealed class AttemptExecution(
    IServiceProvider services, TaskRegistry registry, DagStore dags, AttemptStore attempts, TemplateLoader templates, AttemptReporter reporter, SecretMasker masker,
    OrchestrationOptions options, TimeProvider time)
{
    public async Task<AttemptOutcome> RunAsync(ClaimedAttempt claimed, DagTask task, CancellationToken cancellationToken)
    {
        var outcome = await ExecuteAsync(claimed, task, cancellationToken);
        return outcome with { Message = masker.Apply(outcome.Message), Exception = masker.Apply(outcome.Exception), Outputs = masker.Apply(outcome.Outputs) };
    }

    private async Task<AttemptOutcome> ExecuteAsync(ClaimedAttempt claimed, DagTask task, CancellationToken cancellationToken)
    {
        var workFolder = WorkFolder(claimed.AttemptId);
        var log = new AttemptLogger(reporter, claimed.AttemptId, task.TaskType, time);
        try
        {
            if (!registry.TryFind(task.TaskType, out var descriptor))
                return Failed(claimed, FailureCause.UserError, $"This program has no task type '{task.TaskType}'.", retryable: false);
            var parameters = JsonNode.Parse(claimed.Params)!.AsObject();
            var invoker = TaskInvoker.For(descriptor);
            object inputs;
            try
            {
                var graph = await dags.GraphAsync(claimed.DagId, claimed.DagVersion, cancellationToken);
                inputs = invoker.ReadInputs(await templates.FillAsync(task.Inputs, Values(claimed, parameters), graph, claimed.RunId, cancellationToken));
            }
            catch (TemplateException missing)
            {
                return Failed(claimed, FailureCause.UserError, $"The inputs of task '{claimed.TaskId}' cannot be filled in: {missing.Message}", retryable: false);
            }
            catch (JsonException misfit)
            {
                return Failed(claimed, FailureCause.UserError, $"The inputs of task '{claimed.TaskId}' do not fit {task.TaskType}: {misfit.Message}", retryable: false);
            }
            await using var scope = services.CreateAsyncScope();
            var instance = scope.ServiceProvider.GetRequiredService(descriptor.TaskClass);
            if (claimed.Check == 1)
                log.LogInformation("Try {TryNumber} of {TaskId} started", claimed.TryNumber, claimed.TaskId);
            else
                log.LogInformation("Try {TryNumber} of {TaskId} goes on: check {Check}", claimed.TryNumber, claimed.TaskId, claimed.Check);
            var outcome = await invoker.InvokeAsync(instance, inputs, Context(claimed, task, parameters, log, workFolder), cancellationToken);
            if (UnknownPort(outcome, task, descriptor) is { } unknown)
            {
                return Failed(
                    claimed, FailureCause.UserError, $"Task '{claimed.TaskId}' went on along '{unknown}', which is none of its ports: {string.Join(", ", descriptor.PortsOf(task.Inputs))}.",
                    retryable: false);
            }
            if (outcome.Waits)
                log.LogInformation("Try {TryNumber} of {TaskId} waits ({State}): {Reason}", claimed.TryNumber, claimed.TaskId, outcome.State.ToWire(), outcome.Message);
            else
                log.LogInformation("Try {TryNumber} of {TaskId} ended: {State}", claimed.TryNumber, claimed.TaskId, outcome.State.ToWire());
            return outcome;
        }
        catch (Exception failure)
        {
            var outcome = Judge(claimed, failure, cancellationToken);
            log.LogError(failure, "{Message}", outcome.Message);
            return outcome;
        }
        finally
        {
            DeleteWorkFolder(workFolder, log);
        }
    }

    private static string? UnknownPort(AttemptOutcome outcome, DagTask task, TaskDescriptor descriptor) =>
        outcome.Routing?.Ports?.FirstOrDefault(port => !descriptor.PortsOf(task.Inputs).Contains(port));

    internal string WorkFolder(long attemptId) => ScratchFolders.Of(options, attemptId);

    private static AttemptOutcome Judge(ClaimedAttempt claimed, Exception failure, CancellationToken cancellationToken) => failure switch
    {
        TaskFailedException stated => Failed(claimed, stated.Cause, stated.Message, stated.Retryable, failure),
        AttemptFencedException => Failed(claimed, FailureCause.WorkerLost, failure.Message, exception: failure),
        OperationCanceledException when cancellationToken.IsCancellationRequested => Failed(claimed, FailureCause.Cancelled, "The attempt was told to stop.", exception: failure),
        OutOfMemoryException => Failed(claimed, FailureCause.OutOfMemory, "The process ran out of memory.", exception: failure),
        _ when failure.GetBaseException() is OutOfMemoryException => Failed(claimed, FailureCause.OutOfMemory, $"{failure.GetType().Name}: {failure.Message}", exception: failure),
        OrchestrationException refused => Failed(claimed, FailureCause.UserError, refused.Message, exception: failure),
        _ when FullDisk.IsReason(failure) => Failed(
            claimed, FailureCause.Dependency, $"The disk is full. Free some space, then run the task again; nothing was published. {failure.GetType().Name}: {failure.Message}", exception: failure),
        NpgsqlException { IsTransient: true } => Failed(claimed, FailureCause.Dependency, $"Our own database was away: {failure.Message}", exception: failure),
        _ => Failed(claimed, FailureCause.UserError, $"{failure.GetType().Name}: {failure.Message}", exception: failure),
    };

    private static AttemptOutcome Failed(ClaimedAttempt claimed, FailureCause cause, string message, bool retryable = true, Exception? exception = null) =>
        AttemptOutcome.Failed(claimed.AttemptId, claimed.RunId, cause, message, retryable, exception?.ToString()) with { ExceptionTypes = TypesOf(exception) };

    /// <summary>Everything the exception is, and what caused it: a retry rule may name any of them.</summary>
    private static string[] TypesOf(Exception? exception)
    {
        var types = new List<string>();
        for (var one = exception; one is not null; one = one.InnerException)
        {
            for (var type = one.GetType(); type is not null && type != typeof(object); type = type.BaseType)
                types.AddRange([type.Name, type.FullName ?? type.Name]);
        }
        return [.. types.Distinct(StringComparer.Ordinal)];
    }

    private static TemplateValues Values(ClaimedAttempt claimed, JsonObject parameters) => new(
        claimed.DagId, claimed.RunKey, claimed.TaskId, claimed.TryNumber, claimed.LogicalDate, claimed.DataIntervalStart, claimed.DataIntervalEnd, parameters)
    {
        RunType = claimed.RunType,
        MapIndex = claimed.MapIndex,
        MapItem = claimed.MapItem is null ? null : JsonNode.Parse(claimed.MapItem),
    };

    private TaskContext Context(ClaimedAttempt claimed, DagTask task, JsonObject parameters, ILogger log, string workFolder) =>
        new(new AttemptServices(attempts, reporter))
        {
            Attempt = new AttemptIdentity(
                claimed.AttemptId, claimed.RunId, claimed.DagId, claimed.RunKey, claimed.DagVersion, claimed.TaskId, claimed.MapIndex, claimed.TryNumber),
            RunType = claimed.RunType,
            LogicalDate = claimed.LogicalDate,
            DataIntervalStart = claimed.DataIntervalStart,
            DataIntervalEnd = claimed.DataIntervalEnd,
            Params = parameters,
            Logger = log,
            Time = time,
            WorkFolder = workFolder,
            Check = claimed.Check,
            FirstTry = claimed.FirstTry,
            Memo = claimed.Memo is null ? [] : JsonNode.Parse(claimed.Memo)!.AsObject(),
            Answer = claimed.Answer is null ? null : JsonSerializer.Deserialize<TaskAnswer>(claimed.Answer, TaskJson.Options),
            Settings = task.Settings,
        };

    private static void DeleteWorkFolder(string folder, ILogger log)
    {
        try
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
        catch (IOException failure)
        {
            log.LogWarning("The scratch folder {Folder} could not be deleted: {Reason}", folder, failure.Message);
        }
    }
}
