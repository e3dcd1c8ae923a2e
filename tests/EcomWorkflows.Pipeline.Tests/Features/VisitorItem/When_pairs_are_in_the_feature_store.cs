using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Features.Definitions;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Scoring.Online;
using EcomWorkflows.Pipeline.Tests.Training.Purchase;
using EcomWorkflows.Pipeline.Training.Purchase;
using EcomWorkflows.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Features.VisitorItem;

/// <summary>A view of two entities, visitor and item, everywhere the store is used.</summary>
public sealed class When_pairs_are_in_the_feature_store(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string View = "pairs_visitor_item";

    [Fact]
    public async Task The_newest_pairs_are_served_by_both_keys_and_equal_the_history()
    {
        await using var bench = await ShopAsync();

        BuildPurchaseFeaturesOutputs outputs = await PairShop.BuildFeaturesAsync(bench);

        outputs.Pairs.Count.ShouldBe(5, "three training cutoffs, the test cutoff, the newest day");
        outputs.OnlineRows.ShouldBe(outputs.Pairs[$"{outputs.ScoreAsOf:yyyy-MM-dd}"]);
        outputs.Consistency.ShouldBe(1);
        var stored = (await PairsAtAsync(bench, outputs.ScoreAsOf))[0];
        JsonNode answer = await AskAsync(bench, $$"""
            {"feature_service": "pairs_purchase", "entities": {"customer_id": ["{{stored.Visitor}}", "{{stored.Visitor}}", "nobody"], "product_id": ["{{stored.Item}}", "nothing", "{{stored.Item}}"] } }
            """);
        Names(answer).ShouldBe(["customer_id", "product_id", .. PairShop.Features]);
        Values(answer, row: 0).ShouldBe(stored.Values);
        for (int feature = 2; feature < Names(answer).Length; feature++)
            answer["results"]![feature]!["statuses"]!.AsArray().Select(status => (string)status!).ShouldBe(["PRESENT", "NOT_FOUND", "NOT_FOUND"]);
        (await Should.ThrowAsync<FeatureRequestException>(() => AskAsync(bench, """{"feature_service": "pairs_purchase", "entities": {"customer_id": ["v1"]}}""")))
            .Message.ShouldContain("product_id");
    }

    [Fact]
    public async Task Only_the_newest_days_pairs_are_served_and_what_was_pushed_for_a_later_time()
    {
        await using var bench = await ShopAsync();
        BuildPurchaseFeaturesOutputs first = await PairShop.BuildFeaturesAsync(bench);
        string[] before = await ServedAsync(bench);
        await PushAsync(bench, "v1", "nothing", $"{first.ScoreAsOf.AddDays(1):O}", to: "online_and_offline");
        await PushAsync(bench, "v2", "nothing", "2026-06-01T00:00:00Z", to: "online_and_offline");

        await PairShop.PublishAsync(bench, run: 2, days: 124);
        BuildPurchaseFeaturesOutputs second = await PairShop.BuildFeaturesAsync(bench, run: 2);

        string[] newest = [.. (await PairsAtAsync(bench, second.ScoreAsOf)).Select(pair => $"{pair.Visitor}/{pair.Item} {second.ScoreAsOf:yyyy-MM-dd}")];
        before.Select(row => row.Split(' ')[0]).Except(newest.Select(row => row.Split(' ')[0])).ShouldNotBeEmpty("some pairs of four days ago are none of today's");
        (await ServedAsync(bench)).ShouldBe([.. newest, "v2/nothing 2026-06-01"], ignoreOrder: true);
        second.Consistency.ShouldBe(1);
    }

    [Theory]
    [InlineData(55, 6)]
    [InlineData(0, 10)]
    public async Task As_of_times_that_are_too_old_leave_the_history_but_not_its_earlier_snapshots(int keepDays, int times)
    {
        await using var bench = await StageBench.CreateAsync(postgres, PairShop.Mapping(
            $$"""{ "outcomeDays": 10, "embargoDays": 1, "candidateDays": 20, "trainCutoffs": 3, "cutoffStepDays": 10, "keepHistoryDays": {{keepDays}} }"""));
        await PairShop.PublishAsync(bench);
        BuildPurchaseFeaturesOutputs first = await PairShop.BuildFeaturesAsync(bench);
        await PairShop.BuildFeaturesAsync(bench, run: 2);

        await PairShop.PublishAsync(bench, run: 3, days: 168);
        BuildPurchaseFeaturesOutputs third = await PairShop.BuildFeaturesAsync(bench, run: 3);

        string[] known = [.. await bench.QueryAsync(PairShop.History, "select distinct strftime(event_timestamp, '%Y-%m-%d') from t order by 1", row => row.Get<string>(0))];
        known.Length.ShouldBe(times);
        known.ShouldBe(first.Pairs.Keys.Concat(third.Pairs.Keys).Where(day => times == 10 || string.CompareOrdinal(day, $"{third.ScoreAsOf.AddDays(-keepDays):yyyy-MM-dd}") >= 0).Order());
        var superseded = await bench.QueryAsync(
            ComputedView.VisitorItem.SupersededTableOf(PairShop.Source), "select distinct strftime(event_timestamp, '%Y-%m-%d') from t", row => row.Get<string>(0));
        superseded.Except(known).ShouldBeEmpty();
        superseded.Count.ShouldBe(times - 5);
        (await bench.Get<LakeStore>().GetAsync(first.SnapshotId, CancellationToken.None))!.Files.Count.ShouldBe(5);
    }

    [Fact]
    public async Task A_pair_of_the_newest_day_keeps_what_was_pushed_for_a_later_time()
    {
        await using var bench = await ShopAsync();
        BuildPurchaseFeaturesOutputs outputs = await PairShop.BuildFeaturesAsync(bench);
        var pair = (await PairsAtAsync(bench, outputs.ScoreAsOf))[0];
        await PushAsync(bench, pair.Visitor, pair.Item, "2026-06-01T00:00:00Z", to: "online");

        await PairShop.BuildFeaturesAsync(bench, run: 2);

        string[] served = await ServedAsync(bench);
        served.Length.ShouldBe((int)outputs.OnlineRows);
        served.ShouldContain($"{pair.Visitor}/{pair.Item} 2026-06-01");
    }

    [Fact]
    public async Task The_training_set_is_the_same_whether_it_is_read_at_the_cutoffs_or_joined_point_in_time()
    {
        await using var bench = await ShopAsync();
        await PairShop.BuildAsync(bench);
        IReadOnlyList<string> exact = await SetAsync(bench);

        // A row that is pushed to the history makes the join necessary; it is of a later time, so it is in no training row.
        await PushAsync(bench, "v1", "p1", "2026-06-01T00:00:00Z", to: "online_and_offline");
        await PairShop.BuildSetAsync(bench);

        (await SetAsync(bench)).ShouldBe(exact);
        exact.Count.ShouldBeGreaterThan(500);
    }

    [Fact]
    public async Task Features_of_the_item_alone_can_be_joined_to_the_pairs()
    {
        await using var bench = await ShopAsync();
        await PairShop.ServiceAsync(bench, [View, "item_age:first_seen_days"], views: """
            , { "name": "item_age", "description": "d", "entities": ["product"], "features": [ { "name": "first_seen_days", "type": "int64", "description": "d" } ],
              "source": { "created": "created", "sql": "select product_id, min(event_time) as event_timestamp, min(event_time) as created, date_diff('day', date '2026-01-01', min(event_time)::date) as first_seen_days from {silver.pairs.events} group by product_id" } }
            """);
        await bench.RunAsync<MaterializeFeaturesTask, MaterializeFeaturesInputs, MaterializeFeaturesOutputs>(new MaterializeFeaturesInputs { View = "item_age" });

        BuildPurchaseSetOutputs set = await PairShop.BuildAsync(bench);
        await PairShop.TrainAsync(bench);
        await PairShop.ScoreAsync(bench);

        set.Features.ShouldBe(PairShop.Features.Count + 1);
        (await bench.QueryAsync(PairShop.Set, "select count(*), count(first_seen_days), count(pair_views) from t", row => (row.Get<long>(0), row.Get<long>(1), row.Get<long>(2))))
            .ShouldBe([(set.TrainRows + set.TestRows, set.TrainRows + set.TestRows, set.TrainRows + set.TestRows)]);
    }

    [Fact]
    public async Task A_service_of_something_else_than_pairs_is_refused()
    {
        await using var bench = await ShopAsync();
        await PairShop.ServiceAsync(bench, [.. PairShop.Features.Skip(1).Select(feature => $"{View}:{feature}")]);
        await PairShop.BuildFeaturesAsync(bench);

        (await Should.ThrowAsync<TaskFailedException>(() => PairShop.BuildSetAsync(bench))).Message.ShouldContain("lack interaction_score, which every purchase prediction carries");
    }

    [Fact]
    public async Task The_classic_features_stay_out_of_the_store()
    {
        await using var bench = await ShopAsync();

        var result = await ActivatorOf(bench).RunAsync(
            new BuildPurchaseFeaturesInputs { Source = PairShop.Source, Variant = PurchaseVariant.Classic }, bench.Context(), CancellationToken.None);

        result.ShouldBeOfType<TaskResult<BuildPurchaseFeaturesOutputs>.Skipped>().Reason.ShouldContain("know the outcome");
        (await bench.Get<FeatureRegistry>().ReadAsync(CancellationToken.None)).Views.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_known_of_a_pair_at_a_time_is_answered_from_the_history()
    {
        await using var bench = await ShopAsync();
        BuildPurchaseFeaturesOutputs outputs = await PairShop.BuildFeaturesAsync(bench);
        var pair = (await PairsAtAsync(bench, outputs.TestCutoff))[0];
        using var csv = new MemoryStream();

        await bench.Get<HistoricalFeatures>().WriteAsync(
            new HistoricalRequest
            {
                FeatureService = "pairs_purchase", Format = "csv", KnownBy = "now",
                Entities = new Dictionary<string, IReadOnlyList<JsonElement>>
                {
                    ["customer_id"] = [Json(pair.Visitor), Json(pair.Visitor)],
                    ["product_id"] = [Json(pair.Item), Json(pair.Item)],
                    ["event_timestamp"] = [Json($"{outputs.TestCutoff:yyyy-MM-ddTHH:mm:ssZ}"), Json("2026-01-02T00:00:00Z")],
                },
            },
            csv, CancellationToken.None);

        string[] lines = Encoding.UTF8.GetString(csv.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        lines[1].Split(',')[3..].Select(double.Parse).ShouldBe(pair.Values);
        lines[2].Split(',')[3..].ShouldAllBe(value => value == "", "nothing was known that early");
    }

    [Fact]
    public async Task Statistics_drift_and_samples_are_of_pairs()
    {
        await using var bench = await ShopAsync();
        await PairShop.BuildFeaturesAsync(bench);
        FeatureView view = (await bench.Get<FeatureRegistry>().FindViewAsync(View, CancellationToken.None))!;
        var reader = bench.Get<FeatureReader>();

        var drift = await bench.RunAsync<CheckFeatureDriftTask, CheckFeatureDriftInputs, CheckFeatureDriftOutputs>(new CheckFeatureDriftInputs { View = View, FailOnDrift = false });

        drift.Features.ShouldBe(PairShop.Features.Count);
        drift.ReferenceAsOf.ShouldNotBeNull();
        (await reader.TrendsAsync(view, CancellationToken.None)).ShouldAllBe(trend => trend.Points.Count == 5 && trend.Histogram != null);
        (await reader.SampleAsync(view, 3, CancellationToken.None)).ShouldAllBe(sample => sample.Keys.Count == 2);
        (await reader.ConsistencyAsync(view, CancellationToken.None))!.Equal.ShouldBeGreaterThan(0);
        view.JoinKeys.ShouldBe(["customer_id", "product_id"]);
    }

    [Fact]
    public async Task The_model_is_asked_by_the_keys_of_a_pair_and_answers_as_the_batch_did()
    {
        await using var bench = await ShopAsync();
        await PairShop.BuildAsync(bench);
        await PairShop.TrainAsync(bench);
        await PairShop.ScoreAsync(bench);
        await using NpgsqlConnection connection = await bench.Get<NpgsqlDataSource>().OpenConnectionAsync();
        var (visitor, item, probability) = await connection.QueryFirstAsync<(string, string, double)>(
            "select visitorid, itemid, predicted_prob from gold.ecommerce_predictions order by predicted_prob desc, 1, 2 limit 1");

        InvocationAnswer answer = await bench.Get<ModelInvocations>().AnswerAsync(
            "pairs_purchase", "champion", JsonDocument.Parse($$"""{"entities": {"customer_id": ["{{visitor}}", "{{visitor}}"], "product_id": ["{{item}}", "nothing"]} }""").RootElement,
            CancellationToken.None);

        JsonNode json = JsonNode.Parse(answer.Json.Span)!;
        json["predictions"]![0]!.GetValue<double>().ShouldBe(probability, 1e-6);
        json["predictions"]![1].ShouldBeNull("it is no candidate");
        ((string)json["entities"]![1]!["status"]!).ShouldBe("NOT_FOUND");
    }

    [Theory]
    [InlineData("""["customer"]""", "pairs", "computes rows of customer_id and product_id; name customer, product, in this order")]
    [InlineData("""["product", "customer"]""", "pairs", "in this order")]
    [InlineData("""["customer", "product"]""", "other", "there is no source 'other' in workflows/sources, whose purchase.candidateDays the view needs")]
    public async Task A_definition_that_does_not_fit_is_refused(string entities, string source, string message)
    {
        await using var bench = await StageBench.CreateAsync(postgres, PairShop.Mapping());
        await When_features_are_defined_in_files.WriteAsync(bench, $$"""
            { "views": [ { "name": "{{source}}_visitor_item", "description": "d", "entities": {{entities}}, "source": { "task": "Ecom.BuildPurchaseFeatures", "of": "{{source}}" },
              "features": [ { "name": "pair_views", "type": "double", "description": "d" } ] } ] }
            """);

        (await Should.ThrowAsync<FeatureFileException>(() => bench.Get<FeatureApplication>().PlanAsync(CancellationToken.None))).Message.ShouldContain(message);
    }

    private async Task<StageBench> ShopAsync()
    {
        var bench = await StageBench.CreateAsync(postgres, PairShop.Mapping());
        await PairShop.PublishAsync(bench);
        return bench;
    }

    private static BuildPurchaseFeaturesTask ActivatorOf(StageBench bench) => new(
        bench.Get<Sources.SourceCatalog>(), bench.Get<FeatureCatalog>(), bench.Get<LakeStore>(), bench.Options, bench.Get<FeatureMaterializer>(), bench.Get<OnlineConsistency>());

    private static async Task<JsonNode> AskAsync(StageBench bench, string json)
    {
        var online = bench.Get<OnlineFeatures>();
        var request = online.Rent();
        try
        {
            request.Body.Write(Encoding.UTF8.GetBytes(json));
            return JsonNode.Parse((await online.AnswerAsync(request, CancellationToken.None)).Span)!;
        }
        finally
        {
            online.Return(request);
        }
    }

    private static string[] Names(JsonNode answer) => [.. answer["metadata"]!["feature_names"]!.AsArray().Select(name => (string)name!)];

    private static double[] Values(JsonNode answer, int row) => [.. answer["results"]!.AsArray().Skip(2).Select(column => column!["values"]![row]!.GetValue<double>())];

    private static async Task PushAsync(StageBench bench, string visitor, string item, string at, string to)
    {
        var rows = PairShop.Features.ToDictionary(feature => feature, IReadOnlyList<JsonElement> (_) => [JsonSerializer.SerializeToElement(1)]);
        (rows["customer_id"], rows["product_id"], rows["event_timestamp"]) = ([Json(visitor)], [Json(item)], [Json(at)]);
        await bench.Get<FeaturePushes>().PushAsync(new PushRequest { PushSourceName = View, Rows = rows, To = to }, CancellationToken.None);
    }

    private static JsonElement Json(string text) => JsonSerializer.SerializeToElement(text);

    private static Task<IReadOnlyList<(string Visitor, string Item, double[] Values)>> PairsAtAsync(StageBench bench, DateTimeOffset at) => bench.QueryAsync(
        PairShop.History,
        $"select customer_id, product_id, {string.Join(", ", PairShop.Features)} from t where event_timestamp = timestamp '{at:yyyy-MM-dd HH:mm:ss}' order by 1, 2",
        row => (row.Get<string>(0), row.Get<string>(1), PairShop.Features.Select((_, i) => row.Get<double>(i + 2)).ToArray()));

    private static Task<IReadOnlyList<string>> SetAsync(StageBench bench) => bench.QueryAsync(
        PairShop.Set, "select * from t order by cutoff, customer_id, product_id", row => string.Join('|', Enumerable.Range(0, row.FieldCount).Select(row.GetValue)));

    /// <summary>Each row of the online store: the pair and the day its values belong to.</summary>
    private static async Task<string[]> ServedAsync(StageBench bench)
    {
        FeatureView view = (await bench.Get<FeatureRegistry>().FindViewAsync(View, CancellationToken.None))!;
        await using NpgsqlConnection connection = await bench.Get<NpgsqlDataSource>().OpenConnectionAsync();
        return [.. await connection.QueryAsync<string>(
            $"select translate(entity_key, E'\x1F', '/') || to_char(event_timestamp at time zone 'utc', ' YYYY-MM-DD') from {view.OnlineTable}")];
    }
}
