namespace EcomWorkflows.Pipeline.Scoring.Purchase;

/// <summary>All predictions of one scoring, ready to be written; the lists run in parallel.</summary>
/// <param name="Visitors">One key per pair.</param>
/// <param name="Items">One key per pair.</param>
/// <param name="Probabilities">One per pair.</param>
/// <param name="Scores">Three per pair: interaction score, funnel depth, engagement score.</param>
internal sealed record ScoredPairs(CustomerKeys Visitors, CustomerKeys Items, float[] Probabilities, float[] Scores)
{
    internal int Count => Visitors.Count;

    internal long Predicted(float threshold) => Probabilities.LongCount(probability => probability >= threshold);

    internal double MeanProbability => Probabilities.Length == 0 ? 0 : Probabilities.Sum(probability => (double)probability) / Probabilities.Length;
}
