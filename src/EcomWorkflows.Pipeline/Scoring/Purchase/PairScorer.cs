using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Training;
using EcomWorkflows.Pipeline.Training.Learners;
using EcomWorkflows.Pipeline.Training.Purchase;

namespace EcomWorkflows.Pipeline.Scoring.Purchase;

/// <summary>Predicts every row of a query, block by block.</summary>
internal sealed class PairScorer
{
    private const int BlockRows = 65_536;

    private readonly FittedModel model;
    private readonly int[] scoreColumns;
    private readonly CustomerKeys visitors = new();
    private readonly CustomerKeys items = new();
    private readonly float[] block;
    private float[] probabilities = new float[BlockRows];
    private float[] scores = new float[BlockRows * 3];
    private int blockRows;

    internal PairScorer(FittedModel model)
    {
        this.model = model;
        // Both variants learn from the three scores, so they are read with the features.
        scoreColumns = [.. PairFeatures.Scores.Select(score => model.FeatureNames.ToList().IndexOf(score))];
        block = new float[BlockRows * model.FeatureNames.Count];
    }

    /// <param name="rows">Visitor and item, then the model's features as <c>float</c>, in the model's order.</param>
    internal ScoredPairs Score(DuckDbReader rows, Action<int> onBlock, CancellationToken cancellationToken)
    {
        int columns = model.FeatureNames.Count;
        while (rows.NextChunk())
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = rows.ChunkRows;
            if (blockRows + count > BlockRows)
            {
                PredictBlock();
                onBlock(visitors.Count);
            }

            FeatureBlockReader.CopyChunk(rows, 2, columns, block.AsSpan(blockRows * columns, count * columns));
            for (int row = 0; row < count; row++)
            {
                rows.Read();
                visitors.Add(rows.GetBytes(0));
                items.Add(rows.GetBytes(1));
            }

            blockRows += count;
        }

        PredictBlock();
        return new ScoredPairs(visitors, items, probabilities[..visitors.Count], scores[..(3 * visitors.Count)]);
    }

    private void PredictBlock()
    {
        int first = visitors.Count - blockRows;
        if (visitors.Count > probabilities.Length)
        {
            int size = Math.Max(2 * probabilities.Length, visitors.Count);
            Array.Resize(ref probabilities, size);
            Array.Resize(ref scores, 3 * size);
        }

        int columns = model.FeatureNames.Count;
        model.Predict(block.AsSpan(0, blockRows * columns), blockRows, probabilities.AsSpan(first, blockRows));
        for (int row = 0; row < blockRows; row++)
        {
            for (int score = 0; score < 3; score++)
                scores[(3 * (first + row)) + score] = block[(row * columns) + scoreColumns[score]];
        }

        blockRows = 0;
    }
}
