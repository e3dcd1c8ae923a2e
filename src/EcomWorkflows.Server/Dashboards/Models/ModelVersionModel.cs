using EcomWorkflows.Pipeline.Scoring.Drift;
using EcomWorkflows.Pipeline.Scoring.Outcomes;
using EcomWorkflows.Pipeline.Training.Registry;

namespace EcomWorkflows.Server.Dashboards.Models;

/// <summary>One version with what became of it.</summary>
/// <param name="Gates">Of the newest decision about it; empty where the gates never saw it.</param>
/// <param name="Others">The model's other versions, for the comparison.</param>
/// <param name="CanRollBack">It is the champion and there was one before it.</param>
/// <param name="Problem">Why the last action was refused.</param>
public sealed record ModelVersionModel(
    ModelVersion Version, IReadOnlyList<string> Aliases, IReadOnlyList<GateCheck> Gates, IReadOnlyList<AliasEvent> Events, IReadOnlyList<int> Others, bool CanRollBack,
    string? Notice, string? Problem)
{
    /// <summary>How the scores it gave are distributed, the newest scoring first.</summary>
    public IReadOnlyList<ScoreDrift> Drifts { get; init; } = [];

    /// <summary>What became of the customers it scored, the newest scoring first.</summary>
    public IReadOnlyList<ChurnOutcome> Outcomes { get; init; } = [];
}
