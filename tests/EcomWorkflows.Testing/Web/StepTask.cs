using EcomWorkflows.Orchestration.Tasks;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Testing.Web;

/// <summary>Stands for every stage in tests of the engine's faces: does what the test's script says.</summary>
[TaskType("Test.Step", DisplayName = "Step", Category = "Test", Description = "Does what the test's script says.")]
public sealed class StepTask(StepScript script) : ITask<StepInputs, StepOutputs>
{
    public async Task<TaskResult<StepOutputs>> RunAsync(StepInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        var plan = script[context.Attempt.TaskId];
        context.Logger.LogInformation("Reading {Source} from {File}", inputs.Source, inputs.File ?? "its own files");
        context.Logger.LogDebug("Try {Try} of {Task}", context.Attempt.TryNumber, context.Attempt.TaskId);
        context.ReportProgress(0.4, "4 of 10 parts");
        if (plan.Gate is { } gate)
            await gate.Task.WaitAsync(cancellationToken);
        if (context.Attempt.TryNumber <= plan.FailedTries)
        {
            context.Logger.LogWarning("Line {Line} has {Columns} columns, expected {Expected}", 4711, 3, 5);
            throw new TaskFailedException("orders.csv line 4711: 3 columns, expected 5. Export the file again.", FailureCause.BadData);
        }
        context.Logger.LogInformation("Kept {Rows} rows", 1234);
        return new StepOutputs(1234, plan.Report);
    }
}
