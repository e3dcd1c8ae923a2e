using EcomWorkflows.Pipeline.Statistics;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Statistics;

public sealed class When_bins_are_fitted
{
    [Fact]
    public void Each_holds_equally_many_values_of_the_reference()
    {
        double[] reference = [.. Enumerable.Range(1, 100).Select(value => (double)value)];

        var bins = QuantileBins.Fit(reference, 4);

        bins.Edges.ShouldBe([25, 50, 75]);
        bins.CountsOf(reference).ShouldBe([25, 25, 25, 25]);
    }

    [Fact]
    public void Values_beyond_the_reference_fall_into_the_outer_bins() => QuantileBins.At([10, 20]).CountsOf([-1e9, 10, 10.1, 1e9, double.NaN]).ShouldBe([2, 1, 1]);

    [Fact]
    public void A_repeated_value_takes_one_bin_only()
    {
        double[] reference = [0, 0, 0, 0, 0, 0, 0, 0, 1, 2];

        QuantileBins.Fit(reference, 10).CountsOf(reference).ShouldBe([8, 1, 1]);
    }

    [Fact]
    public void One_value_makes_one_bin() => QuantileBins.Fit([3, 3, 3]).Count.ShouldBe(1);
}
