using EcomWorkflows.Pipeline.Simulation;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Simulation;

public sealed class ScaleTests
{
    /// <summary>A month stands for the year; its share of the visits is known from the season.</summary>
    [Theory]
    [InlineData(SimulationScale.Medium, 60_000, 1_000_000)]
    [InlineData(SimulationScale.Full, 800_000, 3_000_000)]
    public void A_year_has_about_as_many_events_as_the_scale_promises(SimulationScale scale, int products, int events)
    {
        var opened = new DateOnly(2025, 9, 1);
        var history = new ShopHistory(5, opened, ScaleSettings.Of(scale));
        var counted = 0L;
        for (var day = 0; day < 30; day++)
        {
            history.LiveOneDay();
            counted += history.Events.Count;
        }

        history.Catalogue.Products.ShouldBe(products);
        (counted * 365.0 / 30).ShouldBeInRange(0.7 * events, 1.4 * events);
    }

    [Fact]
    public void Every_product_belongs_to_one_category_and_has_a_price_below_the_outlier_rule()
    {
        var catalogue = new ShopCatalogue(1, ScaleSettings.Of(SimulationScale.Small));
        for (var product = 0; product < catalogue.Products; product++)
        {
            ShopCatalogue.DepartmentOf(catalogue.LeafOf(product)).ShouldBeInRange(0, ShopCatalogue.Departments.Count - 1);
            catalogue.ListPrice(product, 364).ShouldBeInRange(1, 500_000);
        }
    }
}
