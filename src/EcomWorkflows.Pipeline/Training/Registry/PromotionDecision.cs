using EcomWorkflows.Pipeline.Training.Metrics;

namespace EcomWorkflows.Pipeline.Training.Registry;

/// <summary>Whether a new version may become the champion, and what decided it.</summary>
/// <param name="Promote">All gates passed.</param>
/// <param name="Reason">A sentence for people.</param>
/// <param name="Gates">Every gate with what it found.</param>
public sealed record PromotionDecision(bool Promote, string Reason, IReadOnlyList<GateCheck> Gates, PromotionEvidence Evidence)
{
    public ModelMetrics Challenger => Evidence.Challenger;

    /// <summary>The version it was compared with; null where there was none.</summary>
    public int? ChampionVersion => Evidence.ChampionVersion;

    /// <summary>That version's figures on the same test rows; null where it could not be asked.</summary>
    public ModelMetrics? Champion => Evidence.Champion;
}
