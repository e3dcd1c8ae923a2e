using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Tasks;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Lets the run go on below it, or skips what is there.</summary>
[TaskType(
    ControlTasks.ShortCircuit, DisplayName = "Short circuit", Category = "Flow",
    Description = "When the condition is false, everything below is skipped.")]
public sealed class ShortCircuitTask : ITask<ShortCircuitInputs, ShortCircuitOutputs>
{
    public Task<TaskResult<ShortCircuitOutputs>> RunAsync(ShortCircuitInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        var goesOn = Truth(inputs.Condition);
        context.Logger.LogInformation("The condition is {Condition}: the run {Way}", inputs.Condition, goesOn ? "goes on" : "does not go on here");
        var outputs = new ShortCircuitOutputs(goesOn);
        return Task.FromResult<TaskResult<ShortCircuitOutputs>>(
            goesOn ? outputs : new TaskResult<ShortCircuitOutputs>.ShortCircuited(inputs.RespectTriggerRules ? SkipScope.Direct : SkipScope.All, outputs));
    }

    private static bool Truth(string condition) => condition.Trim().ToLowerInvariant() switch
    {
        "true" or "yes" or "1" => true,
        "false" or "no" or "0" or "" or "null" => false,
        _ => throw new TaskFailedException(
            $"'{condition}' is no condition. It must become true, yes or 1 to go on; false, no, 0 or nothing to skip what is below.", FailureCause.BadData, retryable: false),
    };
}
