using EcomWorkflows.Pipeline.Training;
using EcomWorkflows.Pipeline.Training.Learners;
using EcomWorkflows.Pipeline.Training.Segments;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Training;

public sealed class KMeansTests
{
    private static readonly string[] Names = ["x", "y"];

    [Fact]
    public void Clouds_far_apart_are_found_whatever_the_seed()
    {
        (FeatureTable table, int[] cloudOf) = Clouds();
        foreach (int seed in (int[])[1, 2, 3])
        {
            int[] clusters = Fit(table, 3, seed).Assign(table);
            clusters.Zip(cloudOf).Distinct().Count().ShouldBe(3);
        }
    }

    [Fact]
    public void The_inertia_is_the_sum_of_squared_distances_by_hand()
    {
        // Standardised, the four values are −1.0954, −0.7303, 0.7303, 1.0954 twice over; each cluster's two points lie 0.18257 from their mean.
        var table = new FeatureTable(["x"], [-6, -4, 4, 6], 4);
        double deviation = Math.Sqrt((36 + 16 + 16 + 36) / 4.0);

        Fit(table, 2, 1).Inertia.ShouldBe(4 * Math.Pow(1 / deviation, 2), 1e-6);
    }

    [Fact]
    public void The_silhouette_is_that_of_the_definition()
    {
        // Clusters {0, 1} and {10, 11}: within 1; between, of 0: (10 + 11) / 2 = 10.5, of 1: 9.5. Mean of 1 − 1/10.5 and 1 − 1/9.5. Scaling changes no ratio.
        var table = new FeatureTable(["x"], [-5.5f, -4.5f, 4.5f, 5.5f], 4);

        Fit(table, 2, 1).Silhouette(table).ShouldBe((1 - (1 / 10.5) + 1 - (1 / 9.5)) / 2, 1e-6);
    }

    [Fact]
    public void The_right_number_of_segments_has_the_best_silhouette()
    {
        (FeatureTable table, _) = Clouds();
        int[] byQuality = [.. new[] { 2, 3, 4, 5 }.OrderByDescending(clusters => Fit(table, clusters, 1).Silhouette(table))];
        byQuality[0].ShouldBe(3);
    }

    [Fact]
    public void The_same_seed_gives_the_same_segments_on_any_number_of_threads()
    {
        FeatureTable table = SmallShop.Make(2_000).Features;
        var learner = new KMeansLearner(new KMeansSettings { Clusters = 4, Seed = 7 });
        KMeansModel one = learner.Fit(table, 1, CancellationToken.None);
        KMeansModel two = learner.Fit(table, 2, CancellationToken.None);

        two.Inertia.ShouldBe(one.Inertia);
        two.Assign(table).ShouldBe(one.Assign(table));
    }

    [Fact]
    public void Fewer_distinct_rows_than_segments_are_refused() =>
        Should.Throw<ArgumentException>(() => Fit(new FeatureTable(["x"], [1, 1, 1, 2], 4), 3, 1)).Message.ShouldContain("only 2 distinct rows for 3 clusters");

    [Fact]
    public void Other_columns_are_refused()
    {
        (FeatureTable table, _) = Clouds();
        Should.Throw<FeatureMismatchException>(() => Fit(table, 2, 1).Assign(new FeatureTable(["x", "z"], [1, 2], 1)));
    }

    private static KMeansModel Fit(FeatureTable table, int clusters, int seed) =>
        new KMeansLearner(new KMeansSettings { Clusters = clusters, Seed = seed }).Fit(table, 2, CancellationToken.None);

    private static (FeatureTable Table, int[] CloudOf) Clouds()
    {
        var random = new Random(5);
        (double X, double Y)[] centres = [(-20, 0), (0, 20), (20, 0)];
        int[] cloudOf = [.. Enumerable.Range(0, 300).Select(i => i % 3)];
        float[] values = [.. cloudOf.SelectMany(cloud => (float[])[(float)(centres[cloud].X + random.NextDouble()), (float)(centres[cloud].Y + random.NextDouble())])];
        return (new FeatureTable(Names, values, 300), cloudOf);
    }
}
