using EcomWorkflows.Pipeline.Statistics;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Statistics;

/// <summary>Two bins, worked out by hand: half and half in the reference of 100, 60 and 40 in 100 current values.</summary>
public sealed class When_two_distributions_are_compared
{
    private static readonly BinCounts Shifted = new([50, 50], [60, 40]);

    // 0.1 · ln 1.2 − 0.1 · ln 0.8 = 0.1 · ln 1.5
    [Fact]
    public void Psi_sums_the_difference_times_the_log_ratio() => PopulationStabilityIndex.Of(Shifted).ShouldBe(0.1 * Math.Log(1.5), 1e-12);

    // 0.6 · ln 1.2 + 0.4 · ln 0.8 = 0.10939 − 0.08926
    [Fact]
    public void Kl_weighs_the_log_ratio_by_the_current_share() => KullbackLeiblerDivergence.Of(Shifted).ShouldBe(0.0201355, 1e-7);

    // Mean shares 0.55 and 0.45: ½ (0.5 log₂ 0.5/0.55 + 0.5 log₂ 0.5/0.45 + 0.6 log₂ 0.6/0.55 + 0.4 log₂ 0.4/0.45)
    [Fact]
    public void Jensen_shannon_compares_both_with_their_mean() => JensenShannonDivergence.Of(Shifted).ShouldBe(0.0072992, 1e-6);

    [Fact]
    public void Jensen_shannon_of_distributions_with_nothing_in_common_is_one_bit() => JensenShannonDivergence.Of(new BinCounts([7, 0], [0, 3])).ShouldBe(1, 1e-12);

    [Fact]
    public void L_infinity_is_the_largest_difference_of_a_share() => LInfinityDistance.Of(new BinCounts([50, 30, 20], [40, 45, 15])).ShouldBe(0.15, 1e-12);

    // Pooled 55 and 45 of 100 on each side: (25/55 + 25/45) · 2 = 2.0202; χ² with one degree of freedom: p = erfc(√(2.0202/2)) = 0.1552
    [Fact]
    public void Chi_square_of_two_samples_pools_them()
    {
        var test = ChiSquare.OfTwoSamples(Shifted);

        test.Statistic.ShouldBe(200.0 / 99, 1e-12);
        test.PValue.ShouldBe(0.1552, 1e-4);
    }

    // A die thrown 60 times: (25 + 4 + 1 + 4 + 9 + 49) / 10 = 9.2, 5 degrees of freedom.
    [Fact]
    public void Chi_square_of_shares_tests_a_die()
    {
        var test = ChiSquare.OfShares([5, 8, 9, 8, 13, 17], [1, 1, 1, 1, 1, 1]);

        test.Statistic.ShouldBe(9.2, 1e-12);
        test.PValue.ShouldBe(0.1013, 1e-4);
    }

    [Fact]
    public void A_value_where_none_may_be_refutes_the_shares() => ChiSquare.OfShares([5, 1], [1, 0]).ShouldBe(new SignificanceTest(double.PositiveInfinity, 0));

    // Cumulated: 1/3, 2/3, 1 against 0, 1/3, 1 at the values 1, 2, 3, 4.
    [Fact]
    public void Kolmogorov_smirnov_is_the_largest_gap_of_the_steps() => KolmogorovSmirnov.Of([1, 2, 3], [2, 3, 4]).ShouldBe(1.0 / 3, 1e-12);

    [Fact]
    public void Kolmogorov_smirnov_takes_equal_values_together() => KolmogorovSmirnov.Of([1, 1, 2, 2], [1, 2]).ShouldBe(0);

    [Fact]
    public void Kolmogorov_smirnov_of_bins_cumulates_in_their_order() => KolmogorovSmirnov.Of(new BinCounts([50, 30, 20], [30, 40, 30])).ShouldBe(0.2, 1e-12);

    // λ = (√50 + 0.12 + 0.11/√50) · 0.2 = 1.44132; 2 (e^(−2λ²) − e^(−8λ²)) = 0.03138
    [Fact]
    public void The_p_value_of_kolmogorov_smirnov_follows_the_series() => KolmogorovSmirnov.PValue(0.2, 100, 100).ShouldBe(0.03138, 5e-5);

    [Fact]
    public void No_distance_is_always_chance() => KolmogorovSmirnov.PValue(0, 10, 10).ShouldBe(1);

    [Fact]
    public void The_null_quantile_of_kolmogorov_smirnov_has_the_p_value_asked_for() =>
        KolmogorovSmirnov.PValue(KolmogorovSmirnov.NullQuantile(500, 300, 0.01), 500, 300).ShouldBe(0.01, 1e-4);

    // χ²(9) exceeds 21.666 in 1 % of cases: 21.666 · 2/1000.
    [Fact]
    public void The_null_quantile_of_psi_shrinks_with_the_samples()
    {
        var tens = Enumerable.Repeat(100L, 10).ToArray();

        PopulationStabilityIndex.NullQuantile(new BinCounts(tens, tens), 0.01).ShouldBe(0.0433, 1e-4);
    }

    [Fact]
    public void A_small_sample_must_differ_more_before_it_is_drift()
    {
        var small = PopulationStabilityIndex.Judge(new BinCounts([10, 10, 10, 10, 10], [16, 8, 9, 6, 11]));
        var large = PopulationStabilityIndex.Judge(new BinCounts([1000, 1000, 1000, 1000, 1000], [1600, 800, 900, 600, 1100]));

        small.Value.ShouldBe(large.Value, 1e-12);
        (small.Drifted, large.Drifted).ShouldBe((false, true));
        large.Threshold.ShouldBe(PopulationStabilityIndex.ModerateShift);
    }

    [Fact]
    public void Many_comparisons_raise_the_threshold()
    {
        var counts = new BinCounts([10, 10], [12, 8]);

        PopulationStabilityIndex.Judge(counts, comparisons: 50).Threshold.ShouldBeGreaterThan(PopulationStabilityIndex.Judge(counts).Threshold);
    }

    [Fact]
    public void A_vanished_value_counts_as_half_a_row()
    {
        var psi = PopulationStabilityIndex.Of(new BinCounts([90, 10], [100, 0]));

        psi.ShouldBe((0.1 * Math.Log(1 / 0.9)) + ((0.005 - 0.1) * Math.Log(0.005 / 0.1)), 1e-12);
    }

    [Fact]
    public void A_side_without_values_is_refused() =>
        Should.Throw<ArgumentException>(() => new BinCounts([0, 0], [1, 2])).Message.ShouldContain("the reference holds 0");

    [Fact]
    public void Different_bins_are_refused() => Should.Throw<ArgumentException>(() => new BinCounts([1], [1, 2])).Message.ShouldContain("the same bins");

    [Fact]
    public void Distances_of_equal_counts_are_zero_and_none_is_negative() => Check.One(
        Config.QuickThrowOnFailure,
        Prop.ForAll(
            ArbMap.Default.ArbFor<(byte, byte)[]>().Filter(bins => bins.Any(b => b.Item1 > 0) && bins.Any(b => b.Item2 > 0)),
            bins =>
            {
                long[] reference = [.. bins.Select(b => (long)b.Item1)], current = [.. bins.Select(b => (long)b.Item2)];
                var (same, other) = (new BinCounts(reference, reference), new BinCounts(reference, current));
                Func<BinCounts, double>[] distances =
                    [PopulationStabilityIndex.Of, KullbackLeiblerDivergence.Of, JensenShannonDivergence.Of, LInfinityDistance.Of, KolmogorovSmirnov.Of];
                return distances.All(distance => Math.Abs(distance(same)) < 1e-12 && distance(other) >= 0) && ChiSquare.OfTwoSamples(same).Statistic < 1e-9;
            }));
}
