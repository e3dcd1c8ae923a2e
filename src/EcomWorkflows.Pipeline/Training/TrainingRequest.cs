using EcomWorkflows.Pipeline.Training.Registry;
using EcomWorkflows.Pipeline.Training.Reports;

namespace EcomWorkflows.Pipeline.Training;

/// <summary>A model to be trained.</summary>
/// <param name="Name">Of the registered model.</param>
/// <param name="OutcomeDays">Length of the outcome window from a cutoff on.</param>
/// <param name="EmbargoDays">Days between the end of a training outcome and the next cutoff.</param>
internal sealed record TrainingRequest(
    string Name, ModelPurpose Purpose, int OutcomeDays, int EmbargoDays, TrainingSet Set, ModelLineage Lineage, TrainingSettings Settings);
