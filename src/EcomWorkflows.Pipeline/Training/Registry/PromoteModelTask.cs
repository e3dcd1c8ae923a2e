using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Tasks;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Pipeline.Training.Registry;

/// <summary>Makes the challenger the champion, after somebody agreed.</summary>
[TaskType("Ecom.PromoteModel", DisplayName = "Promote model", Category = "Training", Description =
    "Makes a version that passed all gates the champion. Put it behind a Core.Approval, and set promotion to approval in the training task.")]
public sealed class PromoteModelTask(ModelRegistry registry, ModelAliases aliases) : ITask<PromoteModelInputs, PromoteModelOutputs>
{
    public async Task<TaskResult<PromoteModelOutputs>> RunAsync(PromoteModelInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        int version = inputs.ModelVersion;
        if (version == 0)
        {
            ModelVersion? challenger = await registry.FindAsync(inputs.Model, ModelRegistry.Challenger, cancellationToken);
            if (challenger is null)
                return new TaskResult<PromoteModelOutputs>.Skipped($"{inputs.Model} has no challenger: the newest version is the champion already.");
            version = challenger.Version;
        }

        try
        {
            string actor = inputs.ApprovedBy.Length > 0 ? inputs.ApprovedBy : $"task {context.Attempt.DagId}/{context.Attempt.RunKey}";
            AliasEvent moved = await aliases.PromoteAsync(
                inputs.Model, version, ModelRegistry.Champion, actor, comment: null, force: false, cancellationToken, context.Attempt.AttemptId);
            context.Logger.LogInformation("{Model} v{Version} is the champion. {Reason}", moved.Name, moved.ToVersion, moved.Reason);
            return new PromoteModelOutputs(moved.Name, moved.ToVersion, moved.FromVersion, moved.Reason);
        }
        catch (OrchestrationException refused)
        {
            throw new TaskFailedException(refused.Message, FailureCause.BadData, retryable: false, innerException: refused);
        }
    }
}
