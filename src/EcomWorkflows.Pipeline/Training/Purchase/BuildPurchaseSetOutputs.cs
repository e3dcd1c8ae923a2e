namespace EcomWorkflows.Pipeline.Training.Purchase;

/// <summary>What <c>Ecom.BuildPurchaseSet</c> published.</summary>
/// <param name="SnapshotId">Lake snapshot of the training set.</param>
/// <param name="TrainRows">Candidate pairs at all training cutoffs.</param>
/// <param name="TestPurchases">Pairs bought in the outcome window of the test cutoff, candidates or not.</param>
/// <param name="TestCoverage">Share of them that were candidates: more than that no model of earlier interest can find.</param>
/// <param name="LatestPairs">Candidate pairs as of the newest day, to be scored.</param>
public sealed record BuildPurchaseSetOutputs(
    long SnapshotId,
    string Variant,
    DateTimeOffset TrainCutoff,
    DateTimeOffset TestCutoff,
    DateTimeOffset ScoreAsOf,
    int OutcomeDays,
    int TrainCutoffs,
    long TrainRows,
    long TrainBought,
    long TestRows,
    long TestBought,
    long TestPurchases,
    double TestCoverage,
    long LatestPairs,
    int Features);
