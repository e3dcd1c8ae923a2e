namespace EcomWorkflows.Pipeline.Scoring;

/// <summary>All predictions of one scoring, ready to be written.</summary>
/// <param name="Probabilities">One per key.</param>
/// <param name="Drivers">Reasons by customer index, of those with the highest risk.</param>
internal sealed record ScoredCustomers(CustomerKeys Keys, float[] Probabilities, IReadOnlyDictionary<int, IReadOnlyList<CustomerDriver>> Drivers)
{
    internal long AtRisk(float threshold) => Probabilities.Count(probability => probability >= threshold);

    internal double MeanProbability => Probabilities.Length == 0 ? 0 : Probabilities.Sum(probability => (double)probability) / Probabilities.Length;
}
