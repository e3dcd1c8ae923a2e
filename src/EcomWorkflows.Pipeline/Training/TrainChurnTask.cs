using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Sources;
using EcomWorkflows.Pipeline.Training.Reports;

namespace EcomWorkflows.Pipeline.Training;

/// <summary>Trains the churn learners, tests them on a later period, registers the best and lets it challenge the champion.</summary>
[TaskType("Ecom.TrainChurn", DisplayName = "Train churn model", Category = "Training", Description =
    "Fits the chosen learners, evaluates them on customers of a later cutoff, registers the best one with report and model card, and makes it champion when it passes the promotion gates. A leak sentinel stops it and names the column.")]
public sealed class TrainChurnTask(SourceCatalog sources, ModelTraining training) : ITask<TrainChurnInputs, TrainingOutputs>
{
    public Task<TaskResult<TrainingOutputs>> RunAsync(TrainChurnInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        SourceMapping mapping = sources.Get(inputs.Source);
        (string source, int outcomeDays) = (mapping.Source, mapping.Churn.OutcomeDays);
        var problem = new TrainingProblem(
            source, ModelNames.ChurnOf(source), ModelPurpose.Churn(source, mapping.Description, outcomeDays), BuildTrainingSetTask.TableOf(source), FeatureView.NameOf(source),
            outcomeDays, mapping.Churn.EmbargoDays);
        return training.RunAsync(problem, inputs.Settings, context, cancellationToken);
    }
}
