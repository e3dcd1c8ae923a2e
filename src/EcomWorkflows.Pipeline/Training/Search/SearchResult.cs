namespace EcomWorkflows.Pipeline.Training.Search;

/// <summary>What a search found for one learner.</summary>
/// <param name="Folds">How the trials were judged, in words.</param>
/// <param name="Trials">The best first.</param>
public sealed record SearchResult(string Learner, IReadOnlyList<string> Folds, IReadOnlyList<SearchTrial> Trials);
