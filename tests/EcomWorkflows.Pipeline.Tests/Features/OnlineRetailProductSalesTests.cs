using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Features;

/// <summary>The shipped view over real data, from file to served value.</summary>
public class OnlineRetailProductSalesTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string View = "online_retail_product_sales";

    [SharedDataFact(OnlineRetail.File)]
    public async Task The_view_of_product_sales_is_materialised_once_and_equals_a_plain_count()
    {
        await using var bench = await StageBench.CreateAsync(postgres);
        await OnlineRetail.PrepareAsync(bench);
        var silver = new LakeTableName("silver", "online_retail", "events");
        var days = (await bench.QueryAsync(silver, "select count(*) from (select distinct product_id, event_time::date from t where product_id is not null)", row => row.Get<long>(0)))[0];
        var (product, day) = (await bench.QueryAsync(
            silver, "select product_id, max(event_time)::date::timestamp from t group by 1 order by count(*) desc, 1 limit 1", row => (row.Get<string>(0), row.Get<DateTime>(1))))[0];
        var counted = (await bench.QueryAsync(
            silver,
            $"""
            select sum(quantity) filter (event_type = 'purchase'), sum(amount) filter (event_type = 'purchase')
            from t
            where product_id = '{product}'
              and event_time >= timestamp '{day:yyyy-MM-dd}' - interval 27 days
            """,
            row => (Sold: row.Get<double>(0), Revenue: row.Get<double>(1))))[0];

        var first = await MaterializeAsync(bench, 1);
        var second = await MaterializeAsync(bench, 2);

        (first.NewRows, first.RefusedRows, first.Consistency).ShouldBe((days, 0, 1));
        second.NewRows.ShouldBe(0);
        var (sold, revenue) = (await bench.QueryAsync(
            new LakeTableName("features", "store", View), $"select sold_28d, revenue_28d from t where product_id = '{product}' order by event_timestamp desc limit 1",
            row => (row.Get<double>(0), row.Get<double>(1))))[0];
        sold.ShouldBe(counted.Sold, 1e-6);
        // Rounded to cents: sums of doubles differ in their last bits from run to run, which would be a correction each time.
        revenue.ShouldBe(counted.Revenue, 0.005);
        var view = (await bench.Get<FeatureRegistry>().FindViewAsync(View, CancellationToken.None))!;
        (await bench.Get<FeatureReader>().MaterializationsAsync(view, 10, CancellationToken.None)).Select(m => (m.Rows, m.AsOf)).ShouldBe(
            [(0, new DateTimeOffset(2011, 10, 1, 0, 0, 0, TimeSpan.Zero)), (days, new DateTimeOffset(2011, 10, 1, 0, 0, 0, TimeSpan.Zero))]);
        (await bench.Get<FeatureReader>().TrendsAsync(view, CancellationToken.None)).ShouldAllBe(t => t.Histogram != null);
    }

    private static Task<MaterializeFeaturesOutputs> MaterializeAsync(StageBench bench, long run) =>
        bench.RunAsync<MaterializeFeaturesTask, MaterializeFeaturesInputs, MaterializeFeaturesOutputs>(new MaterializeFeaturesInputs { View = View }, bench.Context(run));
}
