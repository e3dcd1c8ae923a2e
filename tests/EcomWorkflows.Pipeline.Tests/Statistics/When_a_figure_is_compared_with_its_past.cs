using EcomWorkflows.Pipeline.Statistics;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Statistics;

public sealed class When_a_figure_is_compared_with_its_past
{
    // Median 101, deviations 0 1 1 2 9: MAD 1, which is below the Poisson deviation √101; five values double it.
    [Fact]
    public void Counts_are_bounded_by_the_median_and_at_least_their_poisson_deviation()
    {
        var bounds = RobustBounds.OfCounts([99, 100, 101, 102, 110])!;

        (bounds.Median, bounds.Scale, bounds.Values).ShouldBe((101, Math.Sqrt(101) * 2, 5));
        bounds.High.ShouldBe(101 + (3.5 * 2 * Math.Sqrt(101)), 1e-9);
    }

    [Fact]
    public void An_outlier_in_the_past_does_not_widen_the_bounds_much()
    {
        var bounds = RobustBounds.OfValues([10.0, 10.2, 9.8, 10.1, 9.9, 1_000])!;

        bounds.Contains(11).ShouldBeTrue();
        bounds.Contains(20).ShouldBeFalse();
    }

    // More than half are equal: MAD 0, so the mean absolute deviation 8/10 · 1.2533 stands in.
    [Fact]
    public void Where_most_values_are_equal_the_mean_deviation_stands_in() =>
        RobustBounds.OfValues([5, 5, 5, 5, 5, 5, 5, 5, 5, 13.0])!.Scale.ShouldBe(1.2533 * 0.8 * 1.5, 1e-9);

    [Fact]
    public void A_share_that_was_always_zero_may_rise_by_chance_only_as_far_as_its_rows_allow()
    {
        var few = RobustBounds.OfShares([0, 0, 0, 0, 0, 0], rows: 10)!;
        var many = RobustBounds.OfShares([0, 0, 0, 0, 0, 0], rows: 100_000)!;

        few.Contains(0.1).ShouldBeTrue();
        (many.Contains(0.00001), many.Contains(0.001)).ShouldBe((true, false));
        (many.Low, few.High <= 1).ShouldBe((0, true));
    }

    [Fact]
    public void Too_few_values_bound_nothing() => RobustBounds.OfCounts([1, 2, 3, 4]).ShouldBeNull();
}
