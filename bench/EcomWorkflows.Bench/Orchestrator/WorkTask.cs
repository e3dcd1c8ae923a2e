using System.Diagnostics;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Bench.Orchestrator;

/// <summary>Waits as long as it is told and notes when it began and ended.</summary>
[TaskType("Bench.Work", DisplayName = "Work", Category = "Bench", Description = "Waits, and notes when it began and ended.")]
internal sealed class WorkTask(TaskTimes times) : ITask<WorkInputs, WorkOutputs>
{
    public async Task<TaskResult<WorkOutputs>> RunAsync(WorkInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        if (inputs.Milliseconds > 0)
            await Task.Delay(inputs.Milliseconds, cancellationToken);
        times.Note(context.Attempt, started, Stopwatch.GetTimestamp());
        if (context.Attempt.TryNumber <= inputs.Failures)
            throw new TaskFailedException("it fails as often as it is told");
        return new WorkOutputs(context.Attempt.TryNumber);
    }
}
