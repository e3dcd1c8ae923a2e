using EcomWorkflows.Orchestration.Tasks;
using Microsoft.Extensions.DependencyInjection;

namespace EcomWorkflows.TestKit;

/// <summary>Stands before a task and lets the planned fault of this try happen; then the task runs as it is.</summary>
internal sealed class FaultyTask<TTask, TInputs, TOutputs>(IServiceProvider services, Faults faults, FaultClock clock) : ITask<TInputs, TOutputs>
    where TTask : class, ITask<TInputs, TOutputs>
    where TInputs : class
    where TOutputs : class
{
    public async Task<TaskResult<TOutputs>> RunAsync(TInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        switch (faults.Take(context.Attempt.TaskId, context.Attempt.TryNumber))
        {
            case Fault.Fail fail:
                throw new TaskFailedException(fail.Message, fail.Cause, fail.Retryable);
            case Fault.Lose:
                await clock.LoseWorkerAsync(context.Attempt.AttemptId, cancellationToken);
                break;
            case Fault.Slow slow:
                await clock.DelayAsync(slow.By, cancellationToken);
                break;
        }
        return await services.GetRequiredService<TTask>().RunAsync(inputs, context, cancellationToken);
    }
}
