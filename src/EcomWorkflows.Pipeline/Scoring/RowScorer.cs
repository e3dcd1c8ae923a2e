using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Training;
using EcomWorkflows.Pipeline.Training.Learners;

namespace EcomWorkflows.Pipeline.Scoring;

/// <summary>Predicts every row of a query, block by block: while one block is predicted, the next is read.</summary>
/// <param name="keys">How many columns with keys come before the features.</param>
/// <param name="kept">Features whose values are kept beside the predictions.</param>
/// <param name="explainTop">How many of the rows with the highest probability get their reasons.</param>
internal sealed class RowScorer(FittedModel model, int keys, IReadOnlyList<string> kept, int explainTop)
{
    private const int BlockRows = 65_536;

    private readonly int[] _keptColumns = [.. kept.Select(feature => model.FeatureNames.ToList().IndexOf(feature))];
    private readonly RowKeys[] _keys = [.. Enumerable.Range(0, keys).Select(_ => new RowKeys())];
    private readonly LikeliestRows _likeliest = new(model.FeatureNames, explainTop);
    private float[] _probabilities = new float[BlockRows];
    private float[] _kept = new float[BlockRows * kept.Count];

    /// <param name="rows">The keys, then the model's features as <c>float</c>, in the model's order.</param>
    internal ScoredRows Score(DuckDbReader rows, Action<int> onBlock, CancellationToken cancellationToken)
    {
        Block reading = new(model.FeatureNames.Count);
        Block free = new(model.FeatureNames.Count);
        Task predicting = Task.CompletedTask;
        try
        {
            while (rows.NextChunk())
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (reading.Rows + rows.ChunkRows > BlockRows)
                {
                    predicting.Wait(cancellationToken);
                    onBlock(reading.First);
                    Block full = reading;
                    predicting = Task.Run(() => Predict(full), cancellationToken);
                    (reading, free) = (free, reading);
                    reading.Restart(_keys[0].Count);
                }

                Read(rows, reading);
            }

            predicting.Wait(cancellationToken);
            Predict(reading);
        }
        finally
        {
            // The caller disposes of the model, whatever went wrong here.
            Task.WaitAny([predicting], CancellationToken.None);
        }

        int count = _keys[0].Count;
        return new ScoredRows(_keys, _probabilities[..count], _kept[..(count * kept.Count)], _likeliest.Explain(model));
    }

    private void Read(DuckDbReader rows, Block block)
    {
        int columns = model.FeatureNames.Count;
        int count = rows.ChunkRows;
        FeatureBlockReader.CopyChunk(rows, _keys.Length, columns, block.Values.AsSpan(block.Rows * columns, count * columns));
        for (int row = 0; row < count; row++)
        {
            rows.Read();
            for (int key = 0; key < _keys.Length; key++)
                _keys[key].Add(rows.GetBytes(key));
        }

        block.Rows += count;
    }

    private void Predict(Block block)
    {
        int columns = model.FeatureNames.Count;
        int end = block.First + block.Rows;
        if (end > _probabilities.Length)
        {
            int size = Math.Max(2 * _probabilities.Length, end);
            Array.Resize(ref _probabilities, size);
            Array.Resize(ref _kept, size * _keptColumns.Length);
        }

        Span<float> probabilities = _probabilities.AsSpan(block.First, block.Rows);
        model.Predict(block.Values.AsSpan(0, block.Rows * columns), block.Rows, probabilities);
        for (int row = 0; row < block.Rows; row++)
        {
            ReadOnlySpan<float> values = block.Values.AsSpan(row * columns, columns);
            _likeliest.Offer(block.First + row, probabilities[row], values);
            for (int i = 0; i < _keptColumns.Length; i++)
                _kept[((block.First + row) * _keptColumns.Length) + i] = values[_keptColumns[i]];
        }
    }

    private sealed class Block(int columns)
    {
        internal float[] Values { get; } = new float[BlockRows * columns];

        /// <summary>Number of the block's first row.</summary>
        internal int First { get; private set; }

        internal int Rows { get; set; }

        internal void Restart(int first) => (First, Rows) = (first, 0);
    }
}
