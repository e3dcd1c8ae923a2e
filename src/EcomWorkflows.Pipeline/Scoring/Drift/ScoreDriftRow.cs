namespace EcomWorkflows.Pipeline.Scoring.Drift;

/// <summary>A row of <c>gold.score_drift</c>.</summary>
internal sealed class ScoreDriftRow
{
    public required string Source { get; init; }

    public required DateTime AsOf { get; init; }

    public required string Reference { get; init; }

    public required string ModelName { get; init; }

    public required int ModelVersion { get; init; }

    public required DateTime ReferenceAsOf { get; init; }

    public required int ReferenceVersion { get; init; }

    public required long Rows { get; init; }

    public required long ReferenceRows { get; init; }

    public required double Mean { get; init; }

    public required double ReferenceMean { get; init; }

    public required double Psi { get; init; }

    public required double PsiThreshold { get; init; }

    public required double Ks { get; init; }

    public required double KsThreshold { get; init; }

    public required bool Drifted { get; init; }

    public required long RunId { get; init; }

    public required DateTime CheckedAt { get; init; }

    public ScoreDrift ToDrift() => new(
        Source, new DateTimeOffset(AsOf), Reference, ModelName, ModelVersion, new DateTimeOffset(ReferenceAsOf), ReferenceVersion, Rows, ReferenceRows,
        Mean, ReferenceMean, Psi, PsiThreshold, Ks, KsThreshold, Drifted, RunId, new DateTimeOffset(CheckedAt));
}
