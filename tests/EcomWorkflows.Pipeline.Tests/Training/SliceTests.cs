using System.Collections;
using EcomWorkflows.Pipeline.Training;
using EcomWorkflows.Pipeline.Training.Evaluation;
using EcomWorkflows.Pipeline.Training.Metrics;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Training;

public sealed class SliceTests
{
    [Fact]
    public void Slices_are_both_sides_of_yes_or_no_features_and_halves_of_the_drivers()
    {
        LabelledTable table = SmallShop.Make(2_000);
        IReadOnlyList<Slice> slices = Slice.Of(table, ["recency_days"]);

        slices.Select(slice => (slice.Name.Split(' ')[0], slice.Name.Split(' ')[1])).ShouldBe([("recency_days", "<"), ("recency_days", "≥"), ("is_uk", "="), ("is_uk", "=")]);
        slices.TakeLast(2).Select(slice => slice.Name).ShouldBe(["is_uk = 0", "is_uk = 1"]);
        slices.Where(slice => slice.Name.StartsWith("is_uk", StringComparison.Ordinal)).Sum(slice => slice.Rows.Cast<bool>().Count(belongs => belongs)).ShouldBe(2_000);
    }

    [Fact]
    public void A_slice_too_small_to_say_anything_is_left_out() => Slice.Of(SmallShop.Make(150), ["recency_days"]).ShouldBeEmpty();

    [Fact]
    public void Its_figures_are_those_of_its_rows_alone()
    {
        bool[] labels = [true, false, true, false, true];
        float[] scores = [0.9f, 0.8f, 0.1f, 0.2f, 0.7f];
        SliceMetrics metrics = Slice.Evaluate([new Slice("x = 1", new BitArray([true, true, false, false, true]))], labels, scores, threshold: 0.75f).ShouldHaveSingleItem();

        // Of (0.9 +, 0.8 −, 0.7 +): one of two pairs is right; labelled: one right, one wrong, one missed.
        (metrics.Rows, metrics.RocAuc, metrics.F1).ShouldBe((3, 0.5, 0.5));
        metrics.Brier.ShouldBe(((0.1 * 0.1) + (0.8 * 0.8) + (0.3 * 0.3)) / 3, 1e-6);
    }

    [Fact]
    public void The_calibration_error_is_the_mean_distance_of_predicted_and_observed_rates()
    {
        // Two groups of two: predicted 0.15 and 0.85, observed 0.5 and 1.
        CalibrationError.Of(Ranking.Of([false, true, true, true], [0.1f, 0.2f, 0.8f, 0.9f]), groups: 2).ShouldBe((0.35 + 0.15) / 2, 1e-6);
    }
}
