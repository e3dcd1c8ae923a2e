using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Tests.Features;
using EcomWorkflows.Pipeline.Training.Segments;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Training;

public sealed class SegmentCustomersTaskTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Every_customer_of_the_newest_moment_gets_a_segment_and_the_profiles_add_up()
    {
        await using var bench = await StageBench.CreateAsync(postgres, TinyShop.Mapping());
        await GeneratedShop.PublishAsync(bench);

        SegmentCustomersOutputs outputs = await SegmentAsync(bench, new SegmentCustomersInputs { Source = TinyShop.Source, Clusters = 3 });

        outputs.Segments.Count.ShouldBe(3);
        outputs.Segments.Sum(segment => segment.Customers).ShouldBe(outputs.Customers);
        outputs.Segments.Sum(segment => segment.Share).ShouldBe(1, 1e-9);
        IReadOnlyList<(int, long, double)> rows = await bench.QueryAsync(
            SegmentCustomersTask.TableOf(TinyShop.Source), "select segment, count(*), avg(frequency) from t group by segment order by segment",
            row => (row.Get<int>(0), row.Get<long>(1), row.Get<double>(2)));
        rows.Select(row => (row.Item1, row.Item2)).ShouldBe(outputs.Segments.Select(segment => (segment.Segment, segment.Customers)));
        foreach ((int segment, _, double mean) in rows)
            outputs.Segments[segment - 1].Means["frequency"].ShouldBe(mean, 1e-4);

        SegmentCustomersOutputs again = await SegmentAsync(bench, new SegmentCustomersInputs { Source = TinyShop.Source, Clusters = 3 });
        (again.Inertia, again.Silhouette).ShouldBe((outputs.Inertia, outputs.Silhouette));
    }

    [Fact]
    public async Task Without_a_number_the_best_silhouette_decides()
    {
        await using var bench = await StageBench.CreateAsync(postgres, TinyShop.Mapping());
        await GeneratedShop.PublishAsync(bench);

        SegmentCustomersOutputs chosen = await SegmentAsync(bench, new SegmentCustomersInputs { Source = TinyShop.Source, Clusters = 0 });
        foreach (int clusters in (int[])[2, 5])
            (await SegmentAsync(bench, new SegmentCustomersInputs { Source = TinyShop.Source, Clusters = clusters })).Silhouette.ShouldBeLessThanOrEqualTo(chosen.Silhouette);
    }

    [Fact]
    public async Task Wrong_inputs_are_named_with_what_is_allowed()
    {
        await using var bench = await StageBench.CreateAsync(postgres, TinyShop.Mapping());
        await GeneratedShop.PublishAsync(bench, customers: 100);

        (await RefusedAsync(bench, new SegmentCustomersInputs { Source = TinyShop.Source, Clusters = 1 })).ShouldBe("clusters is 1; allowed: 2 to 50, or 0 to choose by silhouette.");
        (await RefusedAsync(bench, new SegmentCustomersInputs { Source = TinyShop.Source, Features = ["age"] })).ShouldContain("has no feature 'age'. It has: recency");
        (await RefusedAsync(bench, new SegmentCustomersInputs { Source = TinyShop.Source, Features = ["home_country"], Clusters = 5 })).ShouldContain("distinct rows for 5 clusters");
    }

    /// <summary>The figures of scikit-learn on the same customers are in the baseline's output: k = 4 on ln(1 + x) of recency, frequency and monetary.</summary>
    [SharedDataFact(OnlineRetail.File)]
    public async Task Segments_of_Online_Retail_are_as_compact_as_those_of_scikit_learn()
    {
        await using var bench = await StageBench.CreateAsync(postgres);
        await OnlineRetail.PrepareAsync(bench);
        await bench.RunAsync<BuildFeaturesTask, BuildFeaturesInputs, BuildFeaturesOutputs>(new BuildFeaturesInputs { Source = OnlineRetail.Source });

        SegmentCustomersOutputs outputs = await SegmentAsync(bench, new SegmentCustomersInputs { Source = OnlineRetail.Source });

        outputs.Customers.ShouldBe(3_616);
        outputs.Silhouette.ShouldBe(SilhouetteOfTheBaseline, 0.02);
        (outputs.Inertia / InertiaOfTheBaseline).ShouldBe(1, 0.03);
    }

    private const double SilhouetteOfTheBaseline = 0.3677;

    private const double InertiaOfTheBaseline = 3_181.6;

    private static Task<SegmentCustomersOutputs> SegmentAsync(StageBench bench, SegmentCustomersInputs inputs) =>
        bench.RunAsync<SegmentCustomersTask, SegmentCustomersInputs, SegmentCustomersOutputs>(inputs);

    private static async Task<string> RefusedAsync(StageBench bench, SegmentCustomersInputs inputs) =>
        (await Should.ThrowAsync<TaskFailedException>(() => SegmentAsync(bench, inputs))).Message;
}
