namespace EcomWorkflows.Pipeline.Scoring;

/// <summary>All predictions of one scoring, ready to be written.</summary>
/// <param name="Keys">Per key column, one key per row.</param>
/// <param name="Probabilities">One per row.</param>
/// <param name="Kept">Of each row the values of the features kept, row after row.</param>
/// <param name="Drivers">Reasons by row, of those with the highest probability.</param>
internal sealed record ScoredRows(
    IReadOnlyList<RowKeys> Keys, float[] Probabilities, float[] Kept, IReadOnlyDictionary<int, IReadOnlyList<PredictionDriver>> Drivers)
{
    internal int Count => Probabilities.Length;

    /// <summary>Rows labelled positive: those with the threshold's probability or more.</summary>
    internal long Positives(float threshold) => Probabilities.LongCount(probability => probability >= threshold);

    internal double MeanProbability => Count == 0 ? 0 : Probabilities.Sum(probability => (double)probability) / Count;
}
