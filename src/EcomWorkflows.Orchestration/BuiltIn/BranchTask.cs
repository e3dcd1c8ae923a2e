using System.Text.Json;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Tasks;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Chooses along which of its ports the run goes on.</summary>
[TaskType(
    ControlTasks.Branch, DisplayName = "Branch", Category = "Flow", DynamicPortsInput = nameof(BranchInputs.Outcomes),
    Description = "Goes on along the chosen outcomes; what hangs on the others is skipped.")]
public sealed class BranchTask : ITask<BranchInputs, BranchOutputs>
{
    public Task<TaskResult<BranchOutputs>> RunAsync(BranchInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        var chosen = Names(inputs.Choose);
        var unknown = chosen.Except(inputs.Outcomes, StringComparer.Ordinal).ToList();
        if (chosen.Count == 0 || unknown.Count > 0)
        {
            if (!inputs.Outcomes.Contains(inputs.Otherwise ?? "", StringComparer.Ordinal))
            {
                throw new TaskFailedException(
                    $"'{inputs.Choose}' chooses none of the outcomes {string.Join(", ", inputs.Outcomes)}. Choose one of them, or name one in 'otherwise' for such values.",
                    FailureCause.BadData, retryable: false);
            }
            chosen = [inputs.Otherwise!];
        }
        context.Logger.LogInformation("Goes on along {Chosen}", string.Join(", ", chosen));
        return Task.FromResult<TaskResult<BranchOutputs>>(new TaskResult<BranchOutputs>.Branched(chosen, new BranchOutputs(chosen)));
    }

    /// <summary>A name, several separated by commas, or a JSON list of names.</summary>
    private static List<string> Names(string choice)
    {
        if (choice.TrimStart().StartsWith('['))
        {
            try
            {
                return JsonSerializer.Deserialize<List<string>>(choice, TaskJson.Options) ?? [];
            }
            catch (JsonException)
            {
                return [choice];
            }
        }
        return [.. choice.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
    }
}
