using EcomWorkflows.Pipeline.Training.Registry;
using EcomWorkflows.Pipeline.Training.Reports;

namespace EcomWorkflows.Pipeline.Training;

/// <summary>What a training registered.</summary>
/// <param name="Recorded">What became of its aliases.</param>
internal sealed record TrainedModel(ModelVersion Version, AliasEvent Recorded, ModelReport Report);
