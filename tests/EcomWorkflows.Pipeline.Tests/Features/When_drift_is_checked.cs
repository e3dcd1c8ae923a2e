using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Features.Definitions;
using EcomWorkflows.Pipeline.Features.Drift;
using EcomWorkflows.Pipeline.Features.Offline;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Features;

public class When_drift_is_checked(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Definition =
        """
        { "views": [ { "name": "spending", "description": "d", "entities": ["customer"], "source": { "table": "silver.tiny.spending" },
          "features": [ { "name": "steady", "type": "double", "description": "d" }, { "name": "moved", "type": "double", "description": "d" }, { "name": "note", "type": "string", "description": "d" } ] } ] }
        """;

    [Fact]
    public async Task A_feature_that_moved_fails_the_task_and_is_named_with_what_was_allowed()
    {
        await using var bench = await BenchAsync(moved: "v + 400");

        var failure = await Should.ThrowAsync<TaskFailedException>(() => CheckAsync(bench, fail: true));

        failure.Message.ShouldContain("2 of 3 features of spending v1 drifted between 2026-01-04 and 2026-02-01: moved (PSI ");
        failure.Message.ShouldContain("allowed 0.100), note (null rate 50.0 % after 0.0 %)");
        failure.Message.ShouldNotContain("steady");
        var view = (await bench.Get<FeatureRegistry>().FindViewAsync("spending", CancellationToken.None))!;
        var drift = (await bench.Get<FeatureReader>().DriftAsync(view, CancellationToken.None))!;
        drift.Features.Where(f => f.Drifted).Select(f => f.Feature).ShouldBe(["moved", "note"], ignoreOrder: true);
        drift.ReferenceAsOf.ShouldBe(new DateTimeOffset(2026, 1, 4, 0, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task A_warning_is_enough_where_the_task_says_so()
    {
        await using var bench = await BenchAsync(moved: "v + 400");

        var outputs = await CheckAsync(bench, fail: false);

        outputs.Drifted.ShouldBe(["moved", "note"], ignoreOrder: true);
        outputs.Worst.ShouldBe("moved");
    }

    [Fact]
    public async Task A_view_without_values_is_skipped_and_one_that_nobody_defines_is_refused()
    {
        await using var bench = await BenchAsync(moved: null);
        await When_features_are_defined_in_files.WriteAsync(bench, Definition.Replace("\"spending\"", "\"savings\""));
        var task = new CheckFeatureDriftTask(bench.Get<FeatureCatalog>(), bench.Get<FeatureRegistry>(), bench.Get<FeatureHistory>(), bench.Options);

        (await task.RunAsync(new CheckFeatureDriftInputs { View = "savings" }, bench.Context(), CancellationToken.None))
            .ShouldBeOfType<TaskResult<CheckFeatureDriftOutputs>.Skipped>().Reason.ShouldContain("'savings' has no values yet; Ecom.MaterializeFeatures makes the first ones");

        (await Should.ThrowAsync<TaskFailedException>(() => task.RunAsync(new CheckFeatureDriftInputs { View = "nope" }, bench.Context(), CancellationToken.None)))
            .Message.ShouldContain("There is no feature view 'nope'. Registered are: spending.");
    }

    [Fact]
    public async Task One_time_only_is_nothing_to_compare()
    {
        await using var bench = await BenchAsync(moved: null);

        (await CheckAsync(bench, fail: true)).ReferenceAsOf.ShouldBeNull();
    }

    /// <summary>Two hundred values a side exceed PSI 0.1 by chance in a third of all cases: the threshold has to know.</summary>
    [Fact]
    public void Small_samples_of_one_distribution_raise_no_alarm()
    {
        var random = new Random(4711);
        double[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextDouble())];

        var judged = Enumerable.Range(0, 300).Select(_ => DriftMeasure.Judge("f", Draw(200), Draw(200), isNumber: true, comparisons: 1)).ToArray();

        judged.Count(d => d.Psi > 0.1).ShouldBeGreaterThan(30);
        judged.Count(d => d.Drifted).ShouldBeLessThan(12);
    }

    [Fact]
    public async Task The_statistics_of_every_materialisation_and_its_proof_can_be_read()
    {
        await using var bench = await BenchAsync(moved: "v + 400");
        var view = (await bench.Get<FeatureRegistry>().FindViewAsync("spending", CancellationToken.None))!;
        var reader = bench.Get<FeatureReader>();

        (await reader.TrendsAsync(view, CancellationToken.None)).Select(t => t.Points.Count).ShouldBe([2, 2, 2]);
        (await reader.MaterializationsAsync(view, 10, CancellationToken.None)).Select(m => m.Rows).ShouldBe([2000, 2000]);
        (await reader.SampleAsync(view, 3, CancellationToken.None)).Select(s => s.Values[0]).ShouldAllBe(v => v is double);
        var proof = (await reader.ConsistencyAsync(view, CancellationToken.None))!;
        (proof.Entities, proof.Equal).ShouldBe((200, proof.Cells));
        (await reader.FreshnessAsync(CancellationToken.None))[view.Id].ShouldBe(bench.Time.Now);
    }

    [Fact]
    public async Task A_model_keeps_the_service_version_it_was_trained_on_and_may_not_ask_for_others()
    {
        await using var bench = await BenchAsync(moved: null);
        var withService = Definition.Replace("] } ] }", "] } ], \"services\": [ { \"name\": \"spender\", \"description\": \"d\", \"features\": [\"spending:steady\"] } ] }");
        await When_features_are_defined_in_files.WriteAsync(bench, withService);
        var files = bench.Get<FeatureApplication>();
        await files.ApplyAsync(CancellationToken.None);
        var uses = bench.Get<FeatureServiceUse>();

        await bench.Context().PublishAsync((scope, ct) => FeatureServiceUse.RecordAsync(scope, "spender", 1, ["steady"], ct), CancellationToken.None);
        await uses.RequireAsync("spender", 1, ["steady"], CancellationToken.None);
        (await bench.Get<FeatureReader>().ModelsAsync(CancellationToken.None)).Single().ShouldBe(new FeatureModelUse("spender", 1, "spender", 1));

        (await Should.ThrowAsync<TaskFailedException>(() => uses.RequireAsync("spender", 1, ["steady", "moved"], CancellationToken.None))).Message
            .ShouldContain("The model spender v1 asks for moved, which its feature service spender v1 does not have");
        (await Should.ThrowAsync<TaskFailedException>(() => bench.Context().PublishAsync((scope, ct) => FeatureServiceUse.RecordAsync(scope, "spender", 2, ["moved"], ct), CancellationToken.None))).Message
            .ShouldContain("Add them to the service in workflows/features");

        await When_features_are_defined_in_files.WriteAsync(bench, withService.Replace("\"name\": \"steady\", \"type\": \"double\"", "\"name\": \"steady\", \"type\": \"int64\""));
        await files.ApplyAsync(CancellationToken.None);
        (await Should.ThrowAsync<TaskFailedException>(() => uses.RequireAsync("spender", 1, ["steady"], CancellationToken.None))).Message
            .ShouldContain("was trained on spender v1, which has version 1 of 'spending'; version 2 is computed now. Train again and promote the new version");
        await uses.RequireAsync("no_service", 1, ["anything"], CancellationToken.None);
    }

    /// <param name="moved">SQL of the second month's value; null for one month only.</param>
    private async Task<StageBench> BenchAsync(string? moved)
    {
        var bench = await StageBench.CreateAsync(postgres, TinyShop.Mapping());
        await When_features_are_defined_in_files.WriteAsync(bench, Definition);
        await MonthAsync(bench, 1, "2026-01-01", "v", "'n'");
        if (moved is not null)
            await MonthAsync(bench, 2, "2026-02-01", moved, "case when i % 2 = 0 then 'n' end");
        return bench;
    }

    private static async Task MonthAsync(StageBench bench, long run, string month, string moved, string note)
    {
        await bench.PublishTableAsync(
            new LakeTableName("silver", "tiny", "spending"),
            $"select 'c' || i as customer_id, timestamp '{month}' as event_timestamp, v as steady, {moved} as moved, {note} as note from (select i, (hash(i) % 1000)::double as v from range(2000) t(i))", run);
        await bench.RunAsync<MaterializeFeaturesTask, MaterializeFeaturesInputs, MaterializeFeaturesOutputs>(new MaterializeFeaturesInputs { View = "spending" }, bench.Context(run));
    }

    private static Task<CheckFeatureDriftOutputs> CheckAsync(StageBench bench, bool fail) =>
        bench.RunAsync<CheckFeatureDriftTask, CheckFeatureDriftInputs, CheckFeatureDriftOutputs>(new CheckFeatureDriftInputs { View = "spending", FailOnDrift = fail });
}
