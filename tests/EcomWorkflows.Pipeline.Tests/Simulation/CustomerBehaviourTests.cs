using EcomWorkflows.Pipeline.Simulation;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Simulation;

public sealed class CustomerBehaviourTests
{
    private static readonly ShopCatalogue Catalogue = new(3, ScaleSettings.Of(SimulationScale.Small));
    private static readonly CustomerProfile Profile = CustomerProfile.Draw(3, 17, signupDay: -200, Catalogue, pace: 1) with { VisitsPerDay = 0.1f, Conversion = 0.4f };
    private static readonly CustomerState Regular = new() { PriceFelt = 1, LastVisit = 98, LastPurchase = 95, Purchases = 6 };

    private static double Hazard(CustomerState state) => CustomerBehaviour.Hazard(Profile, state, day: 100);

    [Fact]
    public void A_bad_experience_raises_the_hazard_of_leaving() =>
        Hazard(Regular with { Dissatisfaction = 1 }).ShouldBeGreaterThan(1.3 * Hazard(Regular));

    [Fact]
    public void Staying_away_longer_than_usual_raises_the_hazard_of_leaving() =>
        Hazard(Regular with { LastVisit = 60 }).ShouldBeGreaterThan(1.3 * Hazard(Regular));

    [Fact]
    public void Prices_above_the_usual_raise_the_hazard_of_leaving() =>
        Hazard(Regular with { PriceFelt = 1.1f }).ShouldBeGreaterThan(1.05 * Hazard(Regular));

    [Fact]
    public void Many_purchases_lower_the_hazard_of_leaving() =>
        Hazard(Regular with { Purchases = 20 }).ShouldBeLessThan(Hazard(Regular with { Purchases = 1 }));

    [Fact]
    public void The_channel_a_customer_came_by_matters()
    {
        var affiliate = (byte)AcquisitionChannel.All.Index().Single(channel => channel.Item.Name == "affiliate").Index;
        var referral = (byte)AcquisitionChannel.All.Index().Single(channel => channel.Item.Name == "referral").Index;

        CustomerBehaviour.Hazard(Profile with { Channel = affiliate }, Regular, 100).ShouldBeGreaterThan(2 * CustomerBehaviour.Hazard(Profile with { Channel = referral }, Regular, 100));
    }

    [Fact]
    public void Who_has_decided_to_leave_comes_ever_less_often()
    {
        var fading = Regular with { Phase = CustomerPhase.Fading, FadingSince = 90 };
        var rates = Enumerable.Range(91, 30).Select(day => CustomerBehaviour.VisitRate(Profile, fading, day)).ToList();

        rates.ShouldBe(rates.OrderDescending());
        rates[^1].ShouldBeLessThan(rates[0] / 2);
    }

    [Fact]
    public void A_lower_price_sells_better_and_more_so_to_the_price_sensitive()
    {
        double Lift(float elasticity) =>
            CustomerBehaviour.BuyChance(Profile with { Elasticity = elasticity }, Regular, 0.8, sawSeller: false)
            / CustomerBehaviour.BuyChance(Profile with { Elasticity = elasticity }, Regular, 1.0, sawSeller: false);

        Lift(0.6f).ShouldBeGreaterThan(1.1);
        Lift(2.5f).ShouldBeGreaterThan(Lift(0.6f));
    }

    [Fact]
    public void The_wish_to_come_grows_until_the_purchase_cycle_has_passed()
    {
        var cycle = (int)Profile.Cycle;
        double Habit(int daysSincePurchase) => CustomerBehaviour.Habit(Profile, Regular with { LastPurchase = 100 - daysSincePurchase }, 100);

        Habit(cycle).ShouldBeGreaterThan(Habit(cycle / 2));
        Habit(cycle / 2).ShouldBeGreaterThan(Habit(1));
    }
}
