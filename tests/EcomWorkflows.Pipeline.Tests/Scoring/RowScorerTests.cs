using System.Globalization;
using System.Text;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Scoring;
using EcomWorkflows.Pipeline.Training;
using EcomWorkflows.Pipeline.Training.Learners;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Scoring;

public sealed class RowScorerTests
{
    private const int Rows = 300_000;

    [Fact]
    public async Task Blocks_are_taken_one_at_a_time_in_the_order_of_the_rows_each_with_its_own_keys_and_predictions()
    {
        using var model = new Halving();
        int next = 0;
        int taking = 0;

        await ScoreAsync(model, async block =>
        {
            Interlocked.Increment(ref taking).ShouldBe(1);
            await Task.Yield();
            block.First.ShouldBe(next);
            for (int row = 0; row < block.Rows; row++, next++)
            {
                Encoding.UTF8.GetString(block.Keys[0][row]).ShouldBe(next.ToString(CultureInfo.InvariantCulture));
                block.ValuesOf(row)[0].ShouldBe(next);
                block.Probabilities[row].ShouldBe(next / 2f);
            }

            Interlocked.Decrement(ref taking);
        });

        next.ShouldBe(Rows);
    }

    [Fact]
    public async Task A_block_that_cannot_be_taken_ends_the_scoring_with_its_error()
    {
        using var model = new Halving();
        int taken = 0;

        var failure = await Should.ThrowAsync<IOException>(() => ScoreAsync(model, _ => ++taken == 2 ? throw new IOException("no room") : Task.CompletedTask));

        failure.Message.ShouldBe("no room");
        taken.ShouldBe(2);
    }

    [Fact]
    public async Task A_model_that_fails_ends_the_scoring_with_its_error_and_without_the_block()
    {
        using var model = new Halving { FailsAt = 100_000 };
        int rows = 0;

        var failure = await Should.ThrowAsync<InvalidOperationException>(() => ScoreAsync(model, block =>
        {
            rows += block.Rows;
            return Task.CompletedTask;
        }));

        failure.Message.ShouldBe("broken model");
        rows.ShouldBeLessThanOrEqualTo(100_000);
    }

    private static async Task ScoreAsync(FittedModel model, Func<ScoredBlock, Task> take)
    {
        using DuckDbConnection duckdb = DuckDbConnection.Open(new DuckDbOptions { PreserveInsertionOrder = true });
        using DuckDbReader rows = duckdb.Query($"select range::varchar, range::float from range({Rows})");
        await new RowScorer(model, keys: 1).ScoreAsync(rows, take, CancellationToken.None);
    }

    /// <summary>Answers half of its one feature, so that every prediction tells its row.</summary>
    private sealed class Halving : FittedModel
    {
        public float FailsAt { get; init; } = float.PositiveInfinity;

        public override string Learner => "halving";

        public override IReadOnlyList<string> FeatureNames => ["a"];

        public override void Predict(ReadOnlySpan<float> values, int rows, Span<float> probabilities)
        {
            for (int row = 0; row < rows; row++)
                probabilities[row] = values[row] < FailsAt ? values[row] / 2 : throw new InvalidOperationException("broken model");
        }

        public override float[] Contributions(FeatureTable table) => throw new NotSupportedException();

        public override ModelFlavor Save(string folder) => throw new NotSupportedException();
    }
}
