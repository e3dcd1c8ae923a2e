using EcomWorkflows.Pipeline.Training.Metrics;

namespace EcomWorkflows.Pipeline.Training.Registry;

/// <summary>Whether a new version becomes the champion, and the figures that decided it.</summary>
/// <param name="Reason">A sentence for people.</param>
/// <param name="ChampionVersion">The version it was compared with; null where there was none.</param>
/// <param name="Champion">That version's figures on the same test rows; null where it could not be asked.</param>
public sealed record PromotionDecision(bool Promote, string Reason, ModelMetrics Challenger, int? ChampionVersion, ModelMetrics? Champion);
