using EcomWorkflows.Pipeline.Training.Evaluation;
using EcomWorkflows.Pipeline.Training.Leaks;
using EcomWorkflows.Pipeline.Training.Metrics;

namespace EcomWorkflows.Pipeline.Training.Registry;

/// <summary>Everything a promotion is decided on; stored with the decision.</summary>
public sealed record PromotionEvidence
{
    public required ModelMetrics Challenger { get; init; }

    /// <summary>Hash of the test rows and labels both models were judged by.</summary>
    public required string HoldoutSha256 { get; init; }

    public required DateTimeOffset HoldoutCutoff { get; init; }

    /// <summary>Null where there is no champion yet.</summary>
    public int? ChampionVersion { get; init; }

    /// <summary>The champion's figures on the same rows; null where there is none or it cannot predict them.</summary>
    public ModelMetrics? Champion { get; init; }

    /// <summary>Why the champion cannot predict the test rows.</summary>
    public string? ChampionProblem { get; init; }

    public PairedDifference? RocAucDifference { get; init; }

    public PairedDifference? PrAucDifference { get; init; }

    public double ChallengerCalibrationError { get; init; }

    public double? ChampionCalibrationError { get; init; }

    public IReadOnlyList<SliceMetrics> ChallengerSlices { get; init; } = [];

    /// <summary>Of the same slices in the same order; empty where there is no champion.</summary>
    public IReadOnlyList<SliceMetrics> ChampionSlices { get; init; } = [];

    public IReadOnlyList<LeakFinding> Leaks { get; init; } = [];

    public long ModelBytes { get; init; }

    public double MicrosecondsPerRow { get; init; }

    /// <summary>Tag and commit of the training set in the dataset repository; null where the run did not version it.</summary>
    public string? DatasetTag { get; init; }

    public string? DatasetCommit { get; init; }

    public bool DatasetTagRequired { get; init; }
}
