using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Training.Reports;

namespace EcomWorkflows.Pipeline.Training;

/// <summary>A question a source's data is asked, and where its training set and its model are.</summary>
/// <param name="Model">Name of the registered model.</param>
/// <param name="FeatureView">The view a model of this question is bound to.</param>
/// <param name="OutcomeDays">Length of the outcome window from a cutoff on.</param>
/// <param name="EmbargoDays">Days between the end of a training outcome and the next cutoff.</param>
internal sealed record TrainingProblem(string Source, string Model, ModelPurpose Purpose, LakeTableName TrainingSet, string FeatureView, int OutcomeDays, int EmbargoDays);
