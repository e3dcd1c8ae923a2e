using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Features;

public class When_values_are_described(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Definition =
        """
        { "views": [ { "name": "spending", "description": "d", "entities": ["customer"], "source": { "table": "silver.tiny.spending" },
          "features": [ { "name": "amount", "type": "double", "description": "d" }, { "name": "same", "type": "int64", "description": "d" },
                        { "name": "note", "type": "string", "description": "d" }, { "name": "none", "type": "double", "description": "d" } ] } ] }
        """;

    [Fact]
    public async Task Every_numeric_feature_has_a_histogram_of_the_newest_materialisation()
    {
        await using var bench = await StageBench.CreateAsync(postgres, TinyShop.Mapping());
        await When_features_are_defined_in_files.WriteAsync(bench, Definition);
        await bench.PublishTableAsync(
            new LakeTableName("silver", "tiny", "spending"),
            """
            select 'c' || v as customer_id, timestamp '2026-02-01' as event_timestamp, if(v = 0, null, v::double) as amount, 7 as same, 'x' as note, null::double as none
            from range(2001) t(v)
            """);
        // The second finds nothing new, and hides nothing of the first.
        foreach (var run in new[] { 1L, 2L })
            await bench.RunAsync<MaterializeFeaturesTask, MaterializeFeaturesInputs, MaterializeFeaturesOutputs>(new MaterializeFeaturesInputs { View = "spending" }, bench.Context(run));

        var view = (await bench.Get<FeatureRegistry>().FindViewAsync("spending", CancellationToken.None))!;
        var trends = (await bench.Get<FeatureReader>().TrendsAsync(view, CancellationToken.None)).ToDictionary(t => t.Feature, t => t.Histogram);

        var amounts = trends["amount"].ShouldNotBeNull();
        (await bench.Get<FeatureReader>().MaterializationsAsync(view, 10, CancellationToken.None)).Select(m => (m.Rows, m.AsOf.UtcDateTime))
            .ShouldBe([(0, new DateTime(2026, 2, 1)), (2_001, new DateTime(2026, 2, 1))]);
        amounts.Counts.Count.ShouldBe(20);
        amounts.Edges.Count.ShouldBe(21);
        amounts.Counts.Sum().ShouldBe(2_000);
        amounts.Edges[0].ShouldBe(20.99, 0.01);
        // Between the outer ones, each bin is a twentieth of 98 % of evenly spread values.
        amounts.Counts.Skip(1).SkipLast(1).ShouldAllBe(count => Math.Abs(count - 98) <= 1);
        trends["same"]!.Edges.ShouldBe([7, 7]);
        trends["same"]!.Counts.ShouldBe([2_001]);
        trends["note"].ShouldBeNull();
        trends["none"].ShouldBeNull();
    }

    [Fact]
    public async Task The_churn_view_has_one_for_every_feature_with_values()
    {
        await using var bench = await StageBench.CreateAsync(postgres, TinyShop.Mapping());
        await TinyShop.PublishSilverAsync(bench, 1, ("ann", "2026-01-10 10:00:00", "purchase", "p1", "o1", 2, 5), ("bob", "2026-02-21 10:00:00", "purchase", "p1", "o2", 1, 7));
        await TinyShop.BuildAsync(bench);

        var view = (await bench.Get<FeatureRegistry>().FindViewAsync("tiny_customer_activity", CancellationToken.None))!;
        var trends = await bench.Get<FeatureReader>().TrendsAsync(view, CancellationToken.None);

        trends.Where(t => t.Points[^1].Mean is not null).ShouldAllBe(t => t.Histogram!.Counts.Sum() == 2);
    }

    [Fact]
    public void Outliers_are_in_the_outer_bins_and_do_not_stretch_the_others()
    {
        var statistics = new FeatureStatistics("f", 5, 0, 0, 0, -1e9, 1e9, [0, 1, 2, 5, 8, 9, 10]);

        var histogram = FeatureHistogram.Of(statistics, [-1e9, 0, 9.99, 10, 1e9])!;

        histogram.Edges[^1].ShouldBe(10);
        histogram.Counts.ShouldBe([2, .. Enumerable.Repeat(0L, 18), 3]);
    }
}
