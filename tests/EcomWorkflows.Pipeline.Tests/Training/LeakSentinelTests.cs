using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Tests.Features;
using EcomWorkflows.Pipeline.Training;
using EcomWorkflows.Pipeline.Training.Leaks;
using EcomWorkflows.Pipeline.Training.Metrics;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Training;

public sealed class LeakSentinelTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly DateTimeOffset Cutoff = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Honest_features_raise_no_alarm() => LeakSentinels.SingleFeatures(Set(SmallShop.Make(2_000), SmallShop.Make(2_000, seed: 2))).ShouldBeEmpty();

    [Fact]
    public void A_column_that_knows_the_outcome_is_named()
    {
        LeakFinding finding = LeakSentinels.SingleFeatures(Set(Planted(SmallShop.Make(500)), Planted(SmallShop.Make(500, seed: 2)))).ShouldHaveSingleItem();

        finding.Column.ShouldBe("noise");
        finding.Sentinel.ShouldBe("single_feature");
        finding.Message.ShouldBe("the feature 'noise' alone has ROC-AUC 1.0000 on the training rows (at most 0.95 is believed)");
    }

    [Fact]
    public void A_column_that_tells_more_of_its_own_period_than_of_the_next_is_named()
    {
        // In training 'noise' follows the label nine times out of ten, later it is noise again.
        LabelledTable train = Planted(SmallShop.Make(3_000), share: 0.85);
        LeakFinding? finding = LeakSentinels.TimeGap(Set(train, SmallShop.Make(3_000, seed: 2)), randomSplitAuc: 0.97, Later(0.84));

        finding!.Column.ShouldBe("noise");
        finding.Value.ShouldBe(0.13, 1e-9);
        finding.Message.ShouldContain("'noise' falls most by itself");
    }

    [Theory]
    [InlineData(0.85, 0.84)]   // a small gap
    [InlineData(0.80, 0.90)]   // better later
    public void A_model_that_holds_later_raises_no_alarm(double randomSplit, double timeSplit) =>
        LeakSentinels.TimeGap(Set(SmallShop.Make(2_000), SmallShop.Make(2_000, seed: 2)), randomSplit, Later(timeSplit)).ShouldBeNull();

    [Fact]
    public void A_gap_that_chance_explains_raises_no_alarm() =>
        LeakSentinels.TimeGap(Set(SmallShop.Make(60), SmallShop.Make(60, seed: 2)), 0.86, Later(0.79) with { Rows = 60, Positives = 30 }).ShouldBeNull();

    [Fact]
    public async Task A_planted_leak_stops_the_training_and_registers_nothing()
    {
        await using var bench = await StageBench.CreateAsync(postgres, TinyShop.Mapping());
        await GeneratedShop.PublishAsync(bench);
        await ReplaceSetAsync(bench, "*, churned * 3.0 + random() * 0.5 as next_month_orders");

        TaskFailedException failure = await Should.ThrowAsync<TaskFailedException>(() => GeneratedShop.TrainAsync(bench));

        failure.Message.ShouldContain("'next_month_orders' alone has ROC-AUC 1.0000");
        failure.Message.ShouldContain("set onLeak to report");
        (failure.Cause, failure.Retryable).ShouldBe((FailureCause.BadData, false));
        (await bench.Get<EcomWorkflows.Pipeline.Training.Registry.ModelRegistry>().ListAsync(null, CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_time_at_the_cutoff_or_later_stops_the_training_and_names_its_column()
    {
        await using var bench = await StageBench.CreateAsync(postgres, TinyShop.Mapping());
        await GeneratedShop.PublishAsync(bench);
        await ReplaceSetAsync(bench, "*, case when customer_id = 'c7' then cutoff else cutoff - interval 1 day end as last_order_time");

        TaskFailedException failure = await Should.ThrowAsync<TaskFailedException>(() => GeneratedShop.TrainAsync(bench));

        failure.Message.ShouldContain("the time column 'last_order_time' is at or after the cutoff in 2 rows");
    }

    [Fact]
    public async Task Features_of_a_later_moment_than_the_cutoff_stop_the_training()
    {
        await using var bench = await StageBench.CreateAsync(postgres, TinyShop.Mapping());
        await GeneratedShop.PublishAsync(bench);
        await ReplaceSetAsync(bench, "* replace (cutoff + interval 1 day as feature_as_of)");

        (await Should.ThrowAsync<TaskFailedException>(() => GeneratedShop.TrainAsync(bench))).Message.ShouldContain("the time column 'feature_as_of' is after the cutoff in 1200 rows");
    }

    [Fact]
    public async Task Times_before_the_cutoff_are_accepted_and_never_learned_from()
    {
        await using var bench = await StageBench.CreateAsync(postgres, TinyShop.Mapping());
        await GeneratedShop.PublishAsync(bench);
        await ReplaceSetAsync(bench, "*, cutoff - interval 1 second as last_order_time");

        TrainingOutputs outputs = await GeneratedShop.TrainAsync(bench);

        outputs.Leaks.ShouldBeEmpty();
        (await bench.Get<EcomWorkflows.Pipeline.Training.Registry.ModelRegistry>().ListAsync(null, CancellationToken.None))[0].Features.ShouldNotContain("last_order_time");
    }

    [Fact]
    public async Task An_explicit_override_trains_and_says_so_everywhere()
    {
        await using var bench = await StageBench.CreateAsync(postgres, TinyShop.Mapping());
        await GeneratedShop.PublishAsync(bench);
        await ReplaceSetAsync(bench, "* replace (churned * 3.0 as recency)");

        TrainingOutputs outputs = await GeneratedShop.TrainAsync(bench, change: inputs => inputs with { OnLeak = LeakPolicy.Report });

        outputs.Leaks.ShouldBe(["recency"]);
        string report = File.ReadAllText(Path.Combine(bench.Options.Home, outputs.ReportPath));
        report.ShouldContain("These figures cannot be trusted.");
        report.ShouldContain("<span class=\"chip big warn\">Not to be trusted</span>");
        File.ReadAllText(Path.Combine(bench.Options.Home, outputs.ModelFolder, "model_card.md")).ShouldContain("NOT TO BE TRUSTED");
    }

    private static Task ReplaceSetAsync(StageBench bench, string columns) => ReplaceSetAsync(bench, BuildTrainingSetTask.TableOf(TinyShop.Source), columns);

    private static async Task ReplaceSetAsync(StageBench bench, LakeTableName table, string columns)
    {
        LakeSnapshot snapshot = (await bench.Get<LakeStore>().CurrentAsync(table, CancellationToken.None))!;
        await bench.PublishTableAsync(table, $"select {columns} from {bench.Get<LakeStore>().Scan(snapshot)} order by cutoff, customer_id");
    }

    private static TrainingSet Set(LabelledTable train, LabelledTable test) => new(train, test, Cutoff, Cutoff.AddDays(30));

    private static ModelMetrics Later(double rocAuc) =>
        ModelMetrics.Of(Ranking.Of([true, false], [0.9f, 0.1f]), 0.5f, seed: 1) with { RocAuc = rocAuc, Rows = 3_000, Positives = 1_200 };

    private static LabelledTable Planted(LabelledTable table, double share = 1)
    {
        float[] values = [.. table.Features.Values];
        int column = Array.IndexOf(SmallShop.Names, "noise");
        var random = new Random(9);
        for (int row = 0; row < table.Rows; row++)
        {
            if (random.NextDouble() < share)
                values[(row * SmallShop.Names.Length) + column] = table.Labels[row] ? 2 + random.NextSingle() : -random.NextSingle();
        }

        return table with { Features = new FeatureTable(SmallShop.Names, values, table.Rows) };
    }
}
