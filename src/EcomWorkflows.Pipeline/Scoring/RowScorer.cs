using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Training;
using EcomWorkflows.Pipeline.Training.Learners;

namespace EcomWorkflows.Pipeline.Scoring;

/// <summary>Predicts every row of a query, block by block: while one block is read, the one before it is predicted, and the one before that is taken.</summary>
/// <param name="keys">How many columns with keys come before the features.</param>
internal sealed class RowScorer(FittedModel model, int keys)
{
    private const int BlockRows = 65_536;

    private readonly ScoredBlock[] _blocks = [.. Enumerable.Range(0, 3).Select(_ => new ScoredBlock(keys, model.FeatureNames.Count, BlockRows))];
    private Task _predicted = Task.CompletedTask;
    private Task _taken = Task.CompletedTask;

    /// <param name="rows">The keys, then the model's features as <c>float</c>, in the model's order.</param>
    /// <param name="take">Gets the blocks in the order of the rows, one at a time.</param>
    internal async Task ScoreAsync(DuckDbReader rows, Func<ScoredBlock, Task> take, CancellationToken cancellationToken)
    {
        try
        {
            await ReadAsync(rows, take, cancellationToken);
            await _taken;
        }
        finally
        {
            // The caller disposes of the model and of what the blocks go into, whatever went wrong here.
            await Task.WhenAll(_predicted, _taken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ReadAsync(DuckDbReader rows, Func<ScoredBlock, Task> take, CancellationToken cancellationToken)
    {
        var whenFree = new Task[_blocks.Length];
        Array.Fill(whenFree, Task.CompletedTask);
        int current = 0;
        ScoredBlock block = _blocks[current];
        while (rows.NextChunk())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (block.Rows + rows.ChunkRows > BlockRows)
            {
                HandOn(block, take);
                whenFree[current] = _taken;
                int next = block.First + block.Rows;
                current = (current + 1) % _blocks.Length;
                await whenFree[current];
                block = _blocks[current];
                block.Restart(next);
            }

            Read(rows, block);
        }

        HandOn(block, take);
    }

    private void Read(DuckDbReader rows, ScoredBlock block)
    {
        int columns = model.FeatureNames.Count;
        int count = rows.ChunkRows;
        FeatureBlockReader.CopyChunk(rows, keys, columns, block.Values.AsSpan(block.Rows * columns, count * columns));
        for (int row = 0; row < count; row++)
        {
            rows.Read();
            for (int key = 0; key < keys; key++)
                block.Keys[key].Add(rows.GetBytes(key));
        }

        block.Rows += count;
    }

    private void HandOn(ScoredBlock block, Func<ScoredBlock, Task> take)
    {
        _predicted = PredictAfterAsync(_predicted, block);
        _taken = TakeAfterAsync(Task.WhenAll(_taken, _predicted), block, take);
    }

    private async Task PredictAfterAsync(Task earlier, ScoredBlock block)
    {
        await earlier;
        await Task.Run(() => model.Predict(block.Values.AsSpan(0, block.Rows * model.FeatureNames.Count), block.Rows, block.Probabilities.AsSpan(0, block.Rows)));
    }

    private static async Task TakeAfterAsync(Task ready, ScoredBlock block, Func<ScoredBlock, Task> take)
    {
        await ready;
        await take(block);
    }
}
