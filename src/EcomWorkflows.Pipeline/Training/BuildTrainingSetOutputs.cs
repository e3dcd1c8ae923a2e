namespace EcomWorkflows.Pipeline.Training;

/// <summary>What <c>Ecom.BuildTrainingSet</c> published.</summary>
/// <param name="SnapshotId">Lake snapshot of <c>gold.{source}.churn_training_set</c>.</param>
public sealed record BuildTrainingSetOutputs(
    long SnapshotId,
    DateTimeOffset TrainCutoff,
    DateTimeOffset TestCutoff,
    int OutcomeDays,
    long TrainRows,
    long TrainChurned,
    long TestRows,
    long TestChurned,
    int Features);
