using EcomWorkflows.Pipeline.Training.Learners;

namespace EcomWorkflows.Pipeline.Scoring;

/// <summary>All predictions of one scoring, collected until they are written.</summary>
/// <param name="keptColumns">Features whose values are kept beside the predictions, by their number in the model.</param>
internal sealed class ScoredRows(int keys, IReadOnlyList<int> keptColumns, LikeliestRows likeliest)
{
    private readonly List<float> _probabilities = [];
    private readonly List<float> _kept = [];

    /// <summary>Per key column, one key per row.</summary>
    internal IReadOnlyList<RowKeys> Keys { get; } = [.. Enumerable.Range(0, keys).Select(_ => new RowKeys())];

    /// <summary>One per row.</summary>
    internal IReadOnlyList<float> Probabilities => _probabilities;

    /// <summary>Of each row the values of the features kept, row after row.</summary>
    internal IReadOnlyList<float> Kept => _kept;

    /// <summary>Reasons by row, of those with the highest probability; none before <see cref="Explain"/>.</summary>
    internal IReadOnlyDictionary<int, IReadOnlyList<PredictionDriver>> Drivers { get; private set; } = new Dictionary<int, IReadOnlyList<PredictionDriver>>();

    internal int Count => _probabilities.Count;

    internal double MeanProbability => Count == 0 ? 0 : _probabilities.Sum(probability => (double)probability) / Count;

    /// <summary>Rows labelled positive: those with the threshold's probability or more.</summary>
    internal long Positives(float threshold) => _probabilities.LongCount(probability => probability >= threshold);

    internal void Add(ScoredBlock block)
    {
        _probabilities.AddRange(block.Probabilities.AsSpan(0, block.Rows));
        for (int row = 0; row < block.Rows; row++)
        {
            for (int key = 0; key < Keys.Count; key++)
                Keys[key].Add(block.Keys[key][row]);
            ReadOnlySpan<float> values = block.ValuesOf(row);
            likeliest.Offer(block.First + row, block.Probabilities[row], values);
            foreach (int column in keptColumns)
                _kept.Add(values[column]);
        }
    }

    internal void Explain(FittedModel model) => Drivers = likeliest.Explain(model);
}
