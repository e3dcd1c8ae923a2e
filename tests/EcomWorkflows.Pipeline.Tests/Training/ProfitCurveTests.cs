using EcomWorkflows.Pipeline.Training.Evaluation;
using EcomWorkflows.Pipeline.Training.Metrics;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Training;

public sealed class ProfitCurveTests
{
    private static readonly ProfitAssumptions Offer = new() { CustomerValue = 110, OfferCost = 10, ContactCost = 1, SaveRate = 0.5, StayerTakeRate = 0.2 };

    [Fact]
    public void A_contact_brings_what_the_formula_says()
    {
        // A churner: 0.5 × (110 − 10) − 1 = 49. A stayer: −0.2 × 10 − 1 = −3. At 50 %: the mean of both.
        Offer.Expected(1).ShouldBe(49);
        Offer.Expected(0).ShouldBe(-3);
        Offer.Expected(0.5).ShouldBe(23);
        Offer.Expected(1, customerValue: 210).ShouldBe(99);
    }

    [Fact]
    public void The_curve_adds_up_by_hand_and_its_best_point_is_where_expectation_turns()
    {
        // 49p − 3(1 − p) = 52p − 3 turns at p = 0.0577: the last customer is not worth a contact.
        ProfitCurve curve = ProfitCurve.Of(Ranking.Of([true, false, true, false], [0.9f, 0.5f, 0.2f, 0.01f]), Offer);

        curve.Points[0].ShouldBe(new ProfitCurve.Point(0, 0, 0));
        curve.Best.Share.ShouldBe(0.75);
        curve.Best.Expected.ShouldBe((52 * 0.9) - 3 + (52 * 0.5) - 3 + (52 * 0.2) - 3, 1e-4);
        curve.Best.Realised.ShouldBe(49 - 3 + 49);
        curve.Points[^1].Realised.ShouldBe(49 - 3 + 49 - 3);
    }

    [Fact]
    public void Where_no_contact_pays_nobody_is_the_best()
    {
        ProfitCurve curve = ProfitCurve.Of(Ranking.Of([true, false], [0.02f, 0.01f]), Offer);
        curve.Best.ShouldBe(new ProfitCurve.Point(0, 0, 0));
    }

    [Theory]
    [InlineData(1.2, 0.5, "saveRate is 1.2; allowed: 0 to 1")]
    [InlineData(0.5, -0.1, "stayerTakeRate is -0.1; allowed: 0 to 1")]
    public void Shares_outside_zero_to_one_are_named(double saveRate, double stayerTakeRate, string problem) =>
        (Offer with { SaveRate = saveRate, StayerTakeRate = stayerTakeRate }).Problem().ShouldBe(problem);
}
