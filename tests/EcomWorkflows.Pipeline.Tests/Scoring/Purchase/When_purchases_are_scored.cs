using System.Text.Json;
using Dapper;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Scoring;
using EcomWorkflows.Pipeline.Scoring.Purchase;
using EcomWorkflows.Pipeline.Tests.Features;
using EcomWorkflows.Pipeline.Tests.Training.Purchase;
using EcomWorkflows.Pipeline.Training;
using EcomWorkflows.Pipeline.Training.Leaks;
using EcomWorkflows.Pipeline.Training.Purchase;
using EcomWorkflows.Pipeline.Training.Registry;
using EcomWorkflows.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Scoring.Purchase;

public sealed class When_purchases_are_scored(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Every_pair_is_predicted_once_with_its_scores_and_the_way_back_to_the_model()
    {
        await using var bench = await TrainedAsync();
        BuildPurchaseSetOutputs set = await PairShop.BuildAsync(bench);

        ScorePurchasesOutputs outputs = await PairShop.ScoreAsync(bench);

        (outputs.Pairs, outputs.HoldoutPairs).ShouldBe((set.LatestPairs, set.TestRows));
        (await RowsAsync(bench)).ShouldBe((set.LatestPairs + set.TestRows, set.LatestPairs + set.TestRows));
        (await ScalarAsync<long>(
            bench,
            """
            select count(*)
            from gold.purchase_predictions
            where source = 'pairs'
              and variant = 'honest'
              and model_name = 'pairs_purchase'
              and model_version = 1
              and run_id = 1
              and predicted_label = case when predicted_prob >= threshold then 1 else 0 end
              and interaction_score >= engagement_score
              and funnel_depth between 1 and 3
            """)).ShouldBe(set.LatestPairs + set.TestRows);
        (await ScalarAsync<long>(bench, "select sum(actual_label) from gold.purchase_predictions where kind = 'holdout'")).ShouldBe(set.TestBought);
        (await ScalarAsync<long>(bench, "select count(actual_label) from gold.purchase_predictions where kind = 'latest'")).ShouldBe(0, "the window is open");
        outputs.PredictedPurchases.ShouldBe(await ScalarAsync<long>(bench, "select sum(predicted_label) from gold.ecommerce_predictions"));
        (await ScalarAsync<long>(bench, "select count(*) from ecommerce.predicted_purchase")).ShouldBe(outputs.PredictedPurchases);
        outputs.ExpectedPurchases.ShouldBe(await ScalarAsync<double>(bench, "select sum(predicted_prob) from gold.ecommerce_predictions"), 1e-3);
    }

    [Fact]
    public async Task The_likeliest_pairs_of_the_newest_day_get_their_reasons()
    {
        await using var bench = await TrainedAsync();

        await PairShop.ScoreAsync(bench, explainTop: 20);

        (await ScalarAsync<long>(bench, "select count(top_drivers) from gold.purchase_predictions where kind = 'holdout'")).ShouldBe(0, "nothing can be done about them");
        (await ScalarAsync<long>(bench, "select count(top_drivers) from gold.ecommerce_predictions")).ShouldBe(20);
        (await ScalarAsync<bool>(
            bench,
            """
            select min(predicted_prob) filter (where top_drivers is not null) >= max(predicted_prob) filter (where top_drivers is null)
            from gold.ecommerce_predictions
            """)).ShouldBeTrue();
        string stored = (await ScalarAsync<string>(bench, "select top_drivers::text from gold.ecommerce_predictions where top_drivers is not null order by predicted_prob desc limit 1"))!;
        PredictionDriver[] drivers = JsonSerializer.Deserialize<PredictionDriver[]>(stored, TaskJson.Options)!;
        drivers.Length.ShouldBeInRange(1, 3);
        drivers.ShouldAllBe(driver => driver.Contribution > 0 && PairShop.Features.Contains(driver.Feature));
        (await Should.ThrowAsync<TaskFailedException>(() => PairShop.ScoreAsync(bench, explainTop: -1))).Message.ShouldBe("explainTop is -1; allowed: 0 to 100000.");
    }

    [Fact]
    public async Task Predictions_of_the_table_are_those_of_the_model()
    {
        await using var bench = await TrainedAsync();
        await PairShop.ScoreAsync(bench);

        ModelVersion champion = (await bench.Get<ModelRegistry>().FindChampionAsync("pairs_purchase", CancellationToken.None))!;
        using var model = bench.Get<ModelLoader>().Load(champion);
        var rows = await bench.QueryAsync(
            PairShop.History, $"select customer_id, product_id, {string.Join(", ", champion.Features.Select(feature => $"{feature}::float"))} from t where event_timestamp = timestamp '2026-05-01' order by all limit 40",
            row => (Visitor: row.Get<string>(0), Item: row.Get<string>(1), Values: champion.Features.Select((_, i) => row.Get<float>(i + 2)).ToArray()));
        foreach (var (visitor, item, values) in rows)
        {
            double stored = await ScalarAsync<double>(bench, "select predicted_prob from gold.ecommerce_predictions where visitorid = @visitor and itemid = @item", new { visitor, item });
            stored.ShouldBe(model.Predict(new FeatureTable(champion.Features, values, 1))[0], 1e-6);
        }
    }

    [Fact]
    public async Task Scoring_again_replaces_and_never_duplicates()
    {
        await using var bench = await TrainedAsync();

        await PairShop.ScoreAsync(bench);
        (long, long) before = await RowsAsync(bench);
        await PairShop.ScoreAsync(bench, run: 2);

        (await RowsAsync(bench)).ShouldBe(before);
        (await ScalarAsync<long>(bench, "select distinct run_id from gold.purchase_predictions")).ShouldBe(2);
        (await ScalarAsync<long>(bench, "select count(*) from pg_tables where schemaname = 'gold' and tablename like 'purchase_score_a%'")).ShouldBe(2, "one of the hold-out, one of the newest day");
    }

    [Fact]
    public async Task Statistics_know_a_scoring_when_it_is_published()
    {
        await using var bench = await TrainedAsync();

        await PairShop.ScoreAsync(bench);

        (await ScalarAsync<long>(
            bench,
            """
            select count(*)
            from gold.purchase_scoring s
            where exists (
              select
              from pg_stats t
              where t.schemaname = 'gold'
                and t.tablename = s.scores_table)
            """)).ShouldBe(2);
        (await ScalarAsync<string>(
            bench,
            """
            select most_common_vals::text
            from pg_stats
            where schemaname = 'gold'
              and tablename = 'purchase_outcome'
              and attname = 'scoring_id'
            """)).ShouldBe($"{{{await ScalarAsync<long>(bench, "select scoring_id from gold.purchase_scoring where kind = 'holdout'")}}}");
    }

    [Theory]
    [InlineData(nameof(PublishFate.Fenced))]
    [InlineData(nameof(PublishFate.CrashBeforeCommit))]
    public async Task An_attempt_that_may_not_publish_leaves_the_predictions_as_they_were(string fate)
    {
        await using var bench = await TrainedAsync();
        await PairShop.ScoreAsync(bench);
        (long, long) before = await RowsAsync(bench);

        bench.Fate = Enum.Parse<PublishFate>(fate);
        await Should.ThrowAsync<Exception>(() => PairShop.ScoreAsync(bench, run: 2));

        (await RowsAsync(bench)).ShouldBe(before);
        (await ScalarAsync<long>(bench, "select distinct run_id from gold.purchase_predictions")).ShouldBe(1);
    }

    [Fact]
    public async Task Labels_are_written_when_the_outcome_window_has_closed_and_the_predictions_stay_as_they_were()
    {
        await using var bench = await TrainedAsync();
        await PairShop.ScoreAsync(bench);
        const string Early = "kind = 'latest' and as_of = (select min(as_of) from gold.purchase_scoring where kind = 'latest')";
        double sum = await ScalarAsync<double>(bench, $"select sum(predicted_prob) from gold.purchase_predictions where {Early}");

        // Nine days on, the window of ten days is still open; twelve days on, it is over.
        (await LaterAsync(bench, run: 2, days: 129)).LabelsClosed.ShouldBe(0);
        (await LaterAsync(bench, run: 3, days: 132)).LabelsClosed.ShouldBe(1);

        (await ScalarAsync<long>(bench, $"select count(*) from gold.purchase_predictions where {Early} and actual_label is null")).ShouldBe(0);
        (await ScalarAsync<double>(bench, $"select sum(predicted_prob) from gold.purchase_predictions where {Early}")).ShouldBe(sum, 1e-9);
        (await ScalarAsync<long>(bench, $"select distinct run_id from gold.purchase_predictions where {Early}")).ShouldBe(1);
        long bought = (await bench.QueryAsync(
            new LakeTableName("silver", PairShop.Source, "events"),
            "select count(distinct (customer_id, product_id)) from t where event_type = 'purchase' and event_time >= timestamp '2026-05-01' and event_time < timestamp '2026-05-11'",
            row => row.Get<long>(0)))[0];
        (await ScalarAsync<long>(bench, $"select count(*) from gold.purchase_outcome join gold.purchase_scoring using (scoring_id) where {Early}")).ShouldBe(bought);
    }

    [Fact]
    public async Task The_classic_variant_labels_its_pairs_at_once_and_is_kept_out_of_the_curated_table()
    {
        await using var bench = await StageBench.CreateAsync(postgres, PairShop.Mapping());
        await PairShop.PublishAsync(bench);
        BuildPurchaseSetOutputs set = await PairShop.BuildAsync(bench, variant: PurchaseVariant.Classic);
        await PairShop.TrainAsync(bench, variant: PurchaseVariant.Classic, onLeak: LeakPolicy.Report);

        ScorePurchasesOutputs outputs = await PairShop.ScoreAsync(bench, variant: PurchaseVariant.Classic);

        outputs.Pairs.ShouldBe(set.TrainRows + set.TestRows);
        (set.TrainCutoff, set.TestCutoff).ShouldBe((new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        (await ScalarAsync<long>(bench, "select sum(actual_label) from gold.purchase_predictions where variant = 'classic'")).ShouldBe(set.TrainBought + set.TestBought);
        (await ScalarAsync<long>(bench, "select count(*) from ecommerce.predicted_purchase")).ShouldBe(0);
    }

    [Fact]
    public async Task Scoring_without_a_model_says_what_to_run()
    {
        await using var bench = await StageBench.CreateAsync(postgres, PairShop.Mapping());
        await PairShop.PublishAsync(bench);
        await PairShop.BuildAsync(bench);

        (await Should.ThrowAsync<TaskFailedException>(() => PairShop.ScoreAsync(bench))).Message.ShouldContain("Run Ecom.TrainPurchase for source 'pairs' first");
    }

    [Fact]
    public async Task Exactly_the_service_version_the_model_was_trained_on_is_asked_for()
    {
        await using var bench = await TrainedAsync();
        (await bench.Get<FeatureServiceUse>().OfAsync("pairs_purchase", 1, CancellationToken.None)).ShouldBe("pairs_purchase@v1");
        await PairShop.ScoreAsync(bench);
        double before = await ScalarAsync<double>(bench, "select sum(predicted_prob) from gold.purchase_predictions");

        // Another version of the service, of the same view; the model goes on with its own.
        await PairShop.ServiceAsync(bench, [.. PairFeatures.Scores.Select(score => $"pairs_visitor_item:{score}")]);
        await PairShop.ScoreAsync(bench, run: 2);

        (await ScalarAsync<double>(bench, "select sum(predicted_prob) from gold.purchase_predictions")).ShouldBe(before, 1e-9);
        (await ScalarAsync<int>(bench, "select distinct feature_view_version from gold.purchase_scoring")).ShouldBe(1);
        (await PairShop.BuildAsync(bench, run: 3)).Features.ShouldBe(3);
        (await PairShop.TrainAsync(bench, run: 3)).Version.ShouldBe(2);
        (await bench.Get<FeatureServiceUse>().OfAsync("pairs_purchase", 2, CancellationToken.None)).ShouldBe("pairs_purchase@v2");
    }

    [Fact]
    public async Task A_model_of_another_version_of_the_view_than_is_computed_now_is_refused()
    {
        await using var bench = await TrainedAsync();
        // Another candidate window is other logic: the view gets a new version.
        await File.WriteAllTextAsync(
            Path.Combine(bench.Options.WorkflowsFolder, "sources", "pairs.json"),
            PairShop.Mapping("""{ "outcomeDays": 10, "embargoDays": 1, "candidateDays": 15, "trainCutoffs": 3, "cutoffStepDays": 10 }""")["pairs"]);

        (await PairShop.BuildFeaturesAsync(bench, run: 2)).Version.ShouldBe(2);
        TaskFailedException failure = await Should.ThrowAsync<TaskFailedException>(() => PairShop.ScoreAsync(bench, run: 2));

        failure.Message.ShouldContain("The model pairs_purchase v1 was trained on pairs_purchase v1, which has version 1 of 'pairs_visitor_item'; version 2 is computed now");
        failure.Cause.ShouldBe(FailureCause.BadData);
    }

    [Fact]
    public async Task No_pair_of_the_newest_day_is_said_so()
    {
        await using var bench = await TrainedAsync();
        // A visitor without an item, long after everybody has left.
        await PairShop.PublishAsync(
            bench,
            """
            select customer_id, product_id, event_type, event_time from (values
              ('v1', 'p1', 'view', timestamp '2026-01-01'), ('v2', null, 'view', timestamp '2026-12-01')) v(customer_id, product_id, event_type, event_time)
            """,
            run: 2);
        await PairShop.BuildFeaturesAsync(bench, run: 2);

        (await Should.ThrowAsync<TaskFailedException>(() => PairShop.ScoreAsync(bench, run: 2))).Message.ShouldContain("so there is no pair to score");
    }

    private async Task<StageBench> TrainedAsync()
    {
        StageBench bench = await StageBench.CreateAsync(postgres, PairShop.Mapping());
        await PairShop.PublishAsync(bench);
        await PairShop.BuildAsync(bench);
        await PairShop.TrainAsync(bench);
        return bench;
    }

    private static async Task<ScorePurchasesOutputs> LaterAsync(StageBench bench, long run, int days)
    {
        await PairShop.PublishAsync(bench, run, days);
        await PairShop.BuildAsync(bench, run);
        return await PairShop.ScoreAsync(bench, run);
    }

    private static async Task<(long Rows, long Pairs)> RowsAsync(StageBench bench)
    {
        await using NpgsqlConnection connection = await bench.Get<NpgsqlDataSource>().OpenConnectionAsync();
        return await connection.QuerySingleAsync<(long, long)>("select count(*), count(distinct (kind, as_of, visitorid, itemid)) from gold.purchase_predictions");
    }

    private static async Task<T?> ScalarAsync<T>(StageBench bench, string sql, object? parameters = null)
    {
        await using NpgsqlConnection connection = await bench.Get<NpgsqlDataSource>().OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<T>(sql, parameters);
    }
}
