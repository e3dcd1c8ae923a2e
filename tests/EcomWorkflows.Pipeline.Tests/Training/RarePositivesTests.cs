using System.Collections;
using EcomWorkflows.Pipeline.Training;
using EcomWorkflows.Pipeline.Training.Evaluation;
using EcomWorkflows.Pipeline.Training.Metrics;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;
using Interval = EcomWorkflows.Pipeline.Training.Metrics.Interval;

namespace EcomWorkflows.Pipeline.Tests.Training;

/// <summary>Of 200 positives among half a million rows each one counts: figures of thinned rows must be those of all rows.</summary>
public sealed class RarePositivesTests
{
    private const int Rows = 500_000;

    private const int Draws = 200;

    private static readonly LabelledTable Table = RarePositives.Make(Rows, positives: 200);

    [Fact]
    public void Intervals_hold_their_figures_and_are_those_of_rows_drawn_one_by_one()
    {
        float[] scores = RarePositives.Scores(Table, column: 2);
        Ranking ranking = Ranking.Of(Table.Labels, scores);
        BootstrapIntervals intervals = Bootstrap.Intervals(ranking, 0.3f, seed: 7);
        ((double Roc, double Pr, double F1, double Brier)[] drawn, _) = DrawnOneByOne(Table.Labels, scores, null, 0.3f);

        RocAuc.Of(ranking).ShouldBeInRange(intervals.RocAuc.Low, intervals.RocAuc.High);
        PrAuc.Of(ranking).ShouldBeInRange(intervals.PrAuc.Low, intervals.PrAuc.High);
        Confusion.At(ranking, 0.3f).F1.ShouldBeInRange(intervals.F1.Low, intervals.F1.High);
        BrierScore.Of(ranking).ShouldBeInRange(intervals.Brier.Low, intervals.Brier.High);
        Lift.AtTop(ranking, 0.1).ShouldBeInRange(intervals.LiftAt10Percent.Low, intervals.LiftAt10Percent.High);
        ShouldBeClose(intervals.RocAuc, [.. drawn.Select(one => one.Roc)]);
        ShouldBeClose(intervals.PrAuc, [.. drawn.Select(one => one.Pr)]);
        ShouldBeClose(intervals.F1, [.. drawn.Select(one => one.F1)]);
        ShouldBeClose(intervals.Brier, [.. drawn.Select(one => one.Brier)]);
    }

    [Fact]
    public void A_paired_interval_is_that_of_rows_drawn_one_by_one()
    {
        (float[] good, float[] worse) = (RarePositives.Scores(Table, column: 3), RarePositives.Scores(Table, column: 2));
        (PairedDifference roc, PairedDifference pr) = PairedBootstrap.Compare(Table.Labels, good, worse, seed: 7);
        ((double Roc, double Pr, double F1, double Brier)[] first, (double Roc, double Pr, double F1, double Brier)[] second) = DrawnOneByOne(Table.Labels, good, worse, 0.3f);

        roc.Difference.ShouldBeInRange(roc.Interval.Low, roc.Interval.High);
        pr.Difference.ShouldBeInRange(pr.Interval.Low, pr.Interval.High);
        ShouldBeClose(roc.Interval, [.. first.Zip(second, (one, other) => one.Roc - other.Roc)]);
        ShouldBeClose(pr.Interval, [.. first.Zip(second, (one, other) => one.Pr - other.Pr)]);
    }

    [Fact]
    public void A_feature_alone_ranks_as_well_as_it_does_on_all_rows()
    {
        IReadOnlyList<SingleFeature> features = SingleFeature.Rank(Table);

        foreach ((int column, string name) in Table.Features.Names.Index())
        {
            double exact = RocAuc.Of(Ranking.Of(Table.Labels, [.. Enumerable.Range(0, Rows).Select(row => Table.Features.Row(row)[column])]));
            features.Single(feature => feature.Name == name).RocAuc.ShouldBe(Math.Max(exact, 1 - exact), 0.01, name);
        }
    }

    [Fact]
    public void A_slice_has_all_its_rows()
    {
        float[] scores = RarePositives.Scores(Table, column: 2);
        int[] open = [.. Enumerable.Range(0, Rows).Where(row => Table.Features.Row(row)[4] == 1)];
        Ranking exact = Ranking.Of([.. open.Select(row => Table.Labels[row])], [.. open.Select(row => scores[row])]);

        IReadOnlyList<Slice> slices = Slice.Of(Table, ["f1"]);
        slices.Select(slice => slice.Name.Split(' ')[0]).ShouldBe(["f1", "f1", "cart_open", "cart_open"]);
        IReadOnlyList<SliceMetrics> metrics = Slice.Evaluate(slices, Table.Labels, scores, threshold: 0.3f);
        SliceMetrics carts = metrics.Single(one => one.Slice == "cart_open = 1");
        (carts.Rows, carts.BaseRate, carts.RocAuc, carts.PrAuc).ShouldBe((open.Length, exact.BaseRate, RocAuc.Of(exact), PrAuc.Of(exact)));
        metrics.Sum(one => one.Rows).ShouldBe(2 * Rows);
        metrics.Sum(one => one.Rows * one.BaseRate).ShouldBe(2 * 200, 1e-6);
    }

    [Fact]
    public void A_slice_with_few_positives_among_many_rows_is_not_lost()
    {
        LabelledTable table = RarePositives.Make(Rows, positives: 60);
        int positives = Enumerable.Range(0, Rows).Count(row => table.Labels[row] && table.Features.Row(row)[4] == 1);

        positives.ShouldBeInRange(10, 25);
        Slice.Of(table, []).Select(slice => slice.Name).ShouldContain("cart_open = 1");
    }

    [Fact]
    public void A_sample_keeps_the_rarer_label_and_stands_for_all_rows_of_either() => Prop.ForAll<int>(seed =>
    {
        var random = new Random(seed);
        int rows = random.Next(1, 3_000);
        double share = random.NextDouble();
        bool[] labels = [.. Enumerable.Range(0, rows).Select(_ => random.NextDouble() < share * share)];
        var whole = new BitArray([.. Enumerable.Range(0, rows).Select(row => row % 97 == 0)]);
        int most = random.Next(100, 2_000);

        LabelSample sample = LabelSample.Of(labels, most, whole);

        sample.Rows.ShouldBe(sample.Rows.Distinct().Order());
        sample.Rows.Length.ShouldBe(Math.Min(rows, most));
        Enumerable.Range(0, rows).Where(row => whole[row]).ShouldBeSubsetOf(sample.Rows);
        foreach (bool label in new[] { true, false })
        {
            int all = labels.Count(one => one == label);
            sample.Rows.Index().Where(one => labels[one.Item] == label).Sum(one => sample.Weights[one.Index]).ShouldBe(all, 1e-6);
            if (all <= (most - 31) / 2)
                sample.Rows.Count(row => labels[row] == label).ShouldBe(all);
        }
    }).QuickCheckThrowOnFailure();

    /// <summary>Figures of draws of all rows, none of them merged or left out; of two models both see the same draws.</summary>
    private static ((double Roc, double Pr, double F1, double Brier)[] First, (double Roc, double Pr, double F1, double Brier)[] Second) DrawnOneByOne(
        bool[] labels, float[] first, float[]? second, float threshold)
    {
        int[][] orders = [.. new[] { first, second }.OfType<float[]>().Select(Falling)];
        var figures = new (double, double, double, double)[2][];
        (figures[0], figures[1]) = (new (double, double, double, double)[Draws], new (double, double, double, double)[Draws]);
        Parallel.For(0, Draws, draw =>
        {
            var random = new Random(draw);
            byte[] times = new byte[labels.Length];
            for (int row = 0; row < times.Length; row++)
                times[row] = (byte)RarePositives.Draw(random);
            for (int side = 0; side < orders.Length; side++)
                figures[side][draw] = Figures(labels, side == 0 ? first : second!, orders[side], times, threshold);
        });
        return (figures[0], figures[1]);
    }

    private static int[] Falling(float[] scores)
    {
        int[] order = [.. Enumerable.Range(0, scores.Length)];
        Array.Sort([.. scores.Select(score => -score)], order);
        return order;
    }

    // Scores that are equal by chance are taken as they come; there are next to none.
    private static (double Roc, double Pr, double F1, double Brier) Figures(bool[] labels, float[] scores, int[] order, byte[] times, float threshold)
    {
        (double wins, double precisions, double squares, long positives, long rows, double hits, double labelled) = (0, 0, 0, 0, 0, 0, 0);
        foreach (int row in order)
        {
            int drawn = times[row];
            double miss = labels[row] ? 1 - scores[row] : scores[row];
            squares += drawn * miss * miss;
            rows += drawn;
            if (!labels[row])
                wins += (double)drawn * positives;
            else
                positives += drawn;
            if (labels[row])
                precisions += drawn * ((double)positives / rows);
            if (scores[row] >= threshold)
                (hits, labelled) = (positives, rows);
        }

        return (wins / ((double)positives * (rows - positives)), precisions / positives, 2 * hits / (labelled + positives), squares / rows);
    }

    /// <summary>Both ends within a quarter of the width: as far as two sets of so many draws differ.</summary>
    private static void ShouldBeClose(Interval interval, double[] drawn)
    {
        Interval expected = Bootstrap.Percentiles(drawn);
        double tolerance = (expected.High - expected.Low) / 4;
        interval.Low.ShouldBe(expected.Low, tolerance);
        interval.High.ShouldBe(expected.High, tolerance);
    }
}
