namespace EcomWorkflows.Pipeline.Training.Registry;

/// <summary>What a model was made of and by whom: enough to make it again.</summary>
/// <param name="TrainingSnapshotId">Lake snapshot of the training set.</param>
/// <param name="DatasetTag">Tag of the same data in the dataset repository; null where the run did not version it.</param>
/// <param name="FeatureViewVersion">Null where the view is not registered.</param>
public sealed record ModelLineage(
    string Source,
    long TrainingSnapshotId,
    string? DatasetTag,
    string? DatasetCommit,
    string FeatureView,
    int? FeatureViewVersion,
    DateTimeOffset TrainCutoff,
    DateTimeOffset TestCutoff,
    string DagId,
    string RunKey,
    long RunId,
    long AttemptId);
