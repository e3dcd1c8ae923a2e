using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Fails, with a message of the author's.</summary>
[TaskType("Core.Fail", DisplayName = "Fail", Category = "Core", Description = "Fails with a message: the end of a branch that must not be reached.")]
public sealed class FailTask : ITask<FailInputs, NoOutputs>
{
    public Task<TaskResult<NoOutputs>> RunAsync(FailInputs inputs, TaskContext context, CancellationToken cancellationToken) =>
        throw new TaskFailedException(inputs.Message, inputs.Cause, inputs.Retryable);
}
