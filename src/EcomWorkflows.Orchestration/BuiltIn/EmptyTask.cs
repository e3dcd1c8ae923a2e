using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Does nothing.</summary>
[TaskType("Core.Empty", DisplayName = "Empty", Category = "Core", Description = "Does nothing: a place where branches meet or part.")]
public sealed class EmptyTask : ITask<NoInputs, NoOutputs>
{
    public Task<TaskResult<NoOutputs>> RunAsync(NoInputs inputs, TaskContext context, CancellationToken cancellationToken) =>
        Task.FromResult<TaskResult<NoOutputs>>(new NoOutputs());
}
