using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Training;
using EcomWorkflows.Pipeline.Training.Learners;

namespace EcomWorkflows.Pipeline.Scoring;

/// <summary>Predicts every row of a query, block by block.</summary>
internal sealed class ChurnScorer(FittedModel model, int explainTop)
{
    private const int BlockRows = 65_536;

    private readonly CustomerKeys _keys = new();
    private readonly RiskiestCustomers _riskiest = new(model.FeatureNames, explainTop);
    private readonly float[] _block = new float[BlockRows * model.FeatureNames.Count];
    private float[] _probabilities = new float[BlockRows];
    private int _blockRows;

    /// <param name="rows">Column 0 the customer's key, then the model's features as <c>float</c>, in the model's order.</param>
    internal ScoredCustomers Score(DuckDbReader rows, Action<int> onBlock, CancellationToken cancellationToken)
    {
        int columns = model.FeatureNames.Count;
        while (rows.NextChunk())
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = rows.ChunkRows;
            if (_blockRows + count > BlockRows)
            {
                PredictBlock();
                onBlock(_keys.Count);
            }

            FeatureBlockReader.CopyChunk(rows, 1, columns, _block.AsSpan(_blockRows * columns, count * columns));
            for (int row = 0; row < count; row++)
            {
                rows.Read();
                _keys.Add(rows.GetBytes(0));
            }

            _blockRows += count;
        }

        PredictBlock();
        return new ScoredCustomers(_keys, _probabilities[.._keys.Count], _riskiest.Explain(model));
    }

    private void PredictBlock()
    {
        int first = _keys.Count - _blockRows;
        if (_keys.Count > _probabilities.Length)
            Array.Resize(ref _probabilities, Math.Max(2 * _probabilities.Length, _keys.Count));
        int columns = model.FeatureNames.Count;
        model.Predict(_block.AsSpan(0, _blockRows * columns), _blockRows, _probabilities.AsSpan(first, _blockRows));
        for (int row = 0; row < _blockRows; row++)
            _riskiest.Offer(first + row, _probabilities[first + row], _block.AsSpan(row * columns, columns));
        _blockRows = 0;
    }
}
