namespace EcomWorkflows.Orchestration.Tasks;

/// <summary>What a stage author writes: one class per task type, created per attempt from the service provider.</summary>
/// <typeparam name="TInputs">A record with init properties; required ones must be given in the DAG.</typeparam>
/// <typeparam name="TOutputs">A small record, stored as JSON with the attempt and readable by downstream tasks. Data goes to the lake, not here.</typeparam>
/// <remarks>
/// A task is idempotent for its (DAG, data interval): running it again replaces what it published. Everything others may see is written through
/// <see cref="TaskContext.PublishAsync"/>; a stale attempt is refused there.
/// </remarks>
public interface ITask<TInputs, TOutputs>
    where TInputs : class
    where TOutputs : class
{
    /// <exception cref="TaskFailedException">The attempt failed for a stated cause; any other exception fails it with cause <c>user_error</c>.</exception>
    Task<TaskResult<TOutputs>> RunAsync(TInputs inputs, TaskContext context, CancellationToken cancellationToken);
}
