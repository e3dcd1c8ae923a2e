using EcomWorkflows.Pipeline.Simulation;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Simulation;

/// <summary>Whether what the formulas say can be seen in a year of the shop's life.</summary>
public sealed class ShopHistoryTests(ShopYear year) : IClassFixture<ShopYear>
{
    [Fact]
    public void Sundays_are_busier_than_fridays() =>
        year.VisitsOn(DayOfWeek.Sunday).ShouldBeGreaterThan(1.1 * year.VisitsOn(DayOfWeek.Friday));

    [Fact]
    public void Evenings_are_busier_than_nights() =>
        year.EventsByHour[19..22].Sum().ShouldBeGreaterThan(6 * year.EventsByHour[2..5].Sum());

    [Fact]
    public void Black_friday_sells_more_than_the_weeks_before() =>
        year.OrdersBetween(new DateOnly(2025, 11, 24), new DateOnly(2025, 12, 1)).ShouldBeGreaterThan(1.4 * year.OrdersBetween(new DateOnly(2025, 11, 10), new DateOnly(2025, 11, 17)));

    [Fact]
    public void The_funnel_narrows_from_product_page_to_order()
    {
        year.EventsByType[ShopEventType.ProductPage].ShouldBeGreaterThan(1.2 * year.EventsByType[ShopEventType.BuyOrder]);
        year.EventsByType[ShopEventType.ProductPage].ShouldBeGreaterThan(2 * year.EventsByType[ShopEventType.SellerPage]);
    }

    [Fact]
    public void Customers_return_to_their_favourite_categories() => year.ShareOfViewsInFavouriteCategories.ShouldBeGreaterThan(0.5);

    [Fact]
    public void Who_had_a_bad_experience_buys_again_less_often() =>
        year.ShareBuyingAgainAfter(good: false).ShouldBeLessThan(year.ShareBuyingAgainAfter(good: true) - 0.03);

    [Fact]
    public void Who_bought_often_buys_again_more_often_than_who_bought_once() =>
        year.ShareBuyingLater(minimumOrders: 6).ShouldBeGreaterThan(year.ShareBuyingLater(minimumOrders: 1) + 0.1);

    [Fact]
    public void Between_three_and_six_of_ten_customers_churn() => year.ChurnedShare.ShouldBeInRange(0.3, 0.6);
}
