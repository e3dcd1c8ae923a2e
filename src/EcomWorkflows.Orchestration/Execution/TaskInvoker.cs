using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.Execution;

/// <summary>Calls a task through its typed contract, given JSON.</summary>
internal abstract class TaskInvoker
{
    private static readonly ConcurrentDictionary<Type, TaskInvoker> ByTask = new();

    public static TaskInvoker For(TaskDescriptor descriptor) => ByTask.GetOrAdd(
        descriptor.TaskClass,
        _ => (TaskInvoker)Activator.CreateInstance(typeof(Typed<,>).MakeGenericType(descriptor.InputsRecord, descriptor.OutputsRecord))!);

    /// <exception cref="JsonException">The inputs do not fit the task's inputs record.</exception>
    public abstract object ReadInputs(JsonObject inputs);

    public abstract Task<AttemptOutcome> InvokeAsync(object task, object inputs, TaskContext context, CancellationToken cancellationToken);

    private sealed class Typed<TInputs, TOutputs> : TaskInvoker
        where TInputs : class
        where TOutputs : class
    {
        public override object ReadInputs(JsonObject inputs)
        {
            var suited = InputText.Suit(inputs, typeof(TInputs));
            InputRules.Require(suited, typeof(TInputs));
            return suited.Deserialize<TInputs>(TaskJson.Options) ?? throw new JsonException("the inputs are null");
        }

        public override async Task<AttemptOutcome> InvokeAsync(object task, object inputs, TaskContext context, CancellationToken cancellationToken)
        {
            var (attemptId, runId) = (context.Attempt.AttemptId, context.Attempt.RunId);
            return await ((ITask<TInputs, TOutputs>)task).RunAsync((TInputs)inputs, context, cancellationToken) switch
            {
                TaskResult<TOutputs>.Succeeded done => AttemptOutcome.Succeeded(attemptId, runId, TaskOutputs.Write(done.Outputs)),
                TaskResult<TOutputs>.Branched branched => AttemptOutcome.Succeeded(attemptId, runId, TaskOutputs.Write(branched.Outputs)) with
                {
                    Routing = new Routing(branched.Ports),
                },
                TaskResult<TOutputs>.ShortCircuited cut => AttemptOutcome.Succeeded(attemptId, runId, TaskOutputs.Write(cut.Outputs)) with
                {
                    Routing = new Routing(null, cut.Scope),
                },
                TaskResult<TOutputs>.Skipped skipped => AttemptOutcome.Skipped(attemptId, runId, skipped.Reason),
                TaskResult<TOutputs>.Rescheduled again => AttemptOutcome.Waiting(
                    attemptId, runId, TaskState.UpForReschedule,
                    new AttemptWait(context.Time.GetUtcNow() + again.After, null, null, again.Memo?.ToJsonString()), again.Reason),
                TaskResult<TOutputs>.AwaitingInput asked => AttemptOutcome.Waiting(
                    attemptId, runId, TaskState.AwaitingInput,
                    new AttemptWait(asked.Question.Until, null, asked.Question, asked.Memo?.ToJsonString()), asked.Question.Subject),
                TaskResult<TOutputs>.Deferred deferred => AttemptOutcome.Waiting(
                    attemptId, runId, TaskState.Deferred,
                    new AttemptWait(deferred.Until, deferred.EventKey, null, deferred.Memo?.ToJsonString()), $"waits for {deferred.EventKey}"),
                var other => throw new InvalidOperationException($"A task returned {other?.GetType().Name ?? "null"}; allowed: its outputs, or one of the cases of TaskResult."),
            };
        }
    }
}
