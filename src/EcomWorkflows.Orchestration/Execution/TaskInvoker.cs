using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
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
        public override object ReadInputs(JsonObject inputs) =>
            inputs.Deserialize<TInputs>(TaskJson.Options) ?? throw new JsonException("the inputs are null");

        public override async Task<AttemptOutcome> InvokeAsync(object task, object inputs, TaskContext context, CancellationToken cancellationToken)
        {
            var (attemptId, runId) = (context.Attempt.AttemptId, context.Attempt.RunId);
            return await ((ITask<TInputs, TOutputs>)task).RunAsync((TInputs)inputs, context, cancellationToken) switch
            {
                TaskResult<TOutputs>.Succeeded done => AttemptOutcome.Succeeded(attemptId, runId, JsonSerializer.Serialize(done.Outputs, TaskJson.Options)),
                TaskResult<TOutputs>.Skipped skipped => AttemptOutcome.Skipped(attemptId, runId, skipped.Reason),
                var other => throw new InvalidOperationException($"A task returned {other?.GetType().Name ?? "null"}; allowed: its outputs, or TaskResult.Skipped."),
            };
        }
    }
}
