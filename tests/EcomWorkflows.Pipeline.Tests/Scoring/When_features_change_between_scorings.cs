using System.Text.Json;
using Dapper;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Scoring.Streaming;
using EcomWorkflows.Pipeline.Tests.Features;
using EcomWorkflows.Pipeline.Tests.Training;
using EcomWorkflows.Pipeline.Training;
using EcomWorkflows.Pipeline.Training.Learners;
using EcomWorkflows.Pipeline.Training.Registry;
using EcomWorkflows.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Scoring;

public sealed class When_features_change_between_scorings(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Changed_entities_are_scored_once_per_interval_with_what_the_store_serves()
    {
        await using var bench = await TrainedAsync();

        ScoreChangedOutputs first = await ScoreAsync(bench);
        (first.Scored, first.Expired, first.ModelVersion).ShouldBe((GeneratedShop.Customers, 0, 1));
        (await ScoreAsync(bench, hours: 1)).Scored.ShouldBe(0);

        await PushAsync(bench, "c7", 400);
        ScoreChangedOutputs third = await ScoreAsync(bench, hours: 2);
        third.Scored.ShouldBe(1);
        // The same interval again, as after a crash or a clear: the same rows, once.
        (await ScoreAsync(bench, hours: 2)).Scored.ShouldBe(1);
        (await ScoreAsync(bench, hours: 3)).Scored.ShouldBe(0);
        (await CountAsync(bench, "select count(*) from gold.stream_prediction")).ShouldBe(GeneratedShop.Customers + 1);
        (await CountAsync(bench, "select count(*) from gold.stream_prediction_latest")).ShouldBe(GeneratedShop.Customers);

        ModelVersion champion = (await bench.Get<ModelRegistry>().FindChampionAsync("tiny_churn", CancellationToken.None))!;
        using FittedModel model = bench.Get<ModelLoader>().Load(champion);
        OnlineFeaturesAnswer served = await bench.Get<OnlineFeatures>().GetAsync(
            new OnlineFeaturesRequest
            {
                Features = [.. champion.Features.Select(feature => $"tiny_customer_activity:{feature}")],
                Entities = new Dictionary<string, IReadOnlyList<JsonElement>> { ["customer_id"] = [JsonSerializer.SerializeToElement("c7")] },
            },
            CancellationToken.None);
        float[] values = [.. served.Columns.Select(column => column.Values[0] is { } value ? Convert.ToSingle(value, System.Globalization.CultureInfo.InvariantCulture) : float.NaN)];
        await using NpgsqlConnection connection = await bench.Get<NpgsqlDataSource>().OpenConnectionAsync();
        (await connection.ExecuteScalarAsync<double>("select probability from gold.stream_prediction_latest where entity_key = 'c7'"))
            .ShouldBe(model.Predict(new FeatureTable(champion.Features, values, 1))[0], 1e-6);
    }

    [Fact]
    public async Task Another_champion_scores_everybody_anew()
    {
        await using var bench = await TrainedAsync();
        await ScoreAsync(bench);
        await GeneratedShop.TrainAsync(bench, run: 2, change: inputs => inputs with { Learners = [LogisticRegressionLearner.LearnerName] });
        (await bench.Get<ModelRegistry>().FindChampionAsync("tiny_churn", CancellationToken.None))!.Version.ShouldBe(2);

        (await ScoreAsync(bench, hours: 1)).Scored.ShouldBe(GeneratedShop.Customers);
        (await CountAsync(bench, "select count(distinct model_version) from gold.stream_prediction_latest")).ShouldBe(1);
    }

    [Fact]
    public async Task An_interval_before_one_that_was_scored_is_left_as_it_is()
    {
        await using var bench = await TrainedAsync();
        await ScoreAsync(bench, hours: 5);
        await PushAsync(bench, "c7", 400);

        TaskResult<ScoreChangedOutputs> late = await RunAsync(bench, hours: 4);

        late.ShouldBeOfType<TaskResult<ScoreChangedOutputs>.Skipped>().Reason.ShouldContain("A later interval of tiny_churn has been scored already");
        (await CountAsync(bench, "select count(*) from gold.stream_prediction")).ShouldBe(GeneratedShop.Customers);
    }

    [Fact]
    public async Task Expired_features_are_counted_and_not_scored()
    {
        await using var bench = await TrainedAsync(ttlDays: "3");
        bench.Time.Now = bench.Time.Now.AddYears(1);

        ScoreChangedOutputs outputs = await ScoreAsync(bench);

        (outputs.Scored, outputs.Expired).ShouldBe((0, GeneratedShop.Customers));
    }

    [Theory]
    [InlineData(nameof(PublishFate.Fenced))]
    [InlineData(nameof(PublishFate.CrashBeforeCommit))]
    public async Task An_attempt_that_may_not_publish_leaves_nothing_and_the_next_one_makes_up_for_it(string fate)
    {
        await using var bench = await TrainedAsync();
        bench.Fate = Enum.Parse<PublishFate>(fate);
        await Should.ThrowAsync<Exception>(() => ScoreAsync(bench));
        (await CountAsync(bench, "select count(*) from gold.stream_prediction")).ShouldBe(0);

        bench.Fate = PublishFate.Commit;
        (await ScoreAsync(bench)).Scored.ShouldBe(GeneratedShop.Customers);
    }

    [Fact]
    public async Task Without_a_champion_it_says_so()
    {
        await using var bench = await StageBench.CreateAsync(postgres, TinyShop.Mapping());

        (await Should.ThrowAsync<TaskFailedException>(() => ScoreAsync(bench))).Message.ShouldStartWith("There is no champion of model 'tiny_churn'.");
    }

    private async Task<StageBench> TrainedAsync(string ttlDays = "null")
    {
        StageBench bench = await StageBench.CreateAsync(postgres, TinyShop.Mapping(ttlDays: ttlDays));
        await GeneratedShop.PublishAsync(bench);
        await GeneratedShop.TrainAsync(bench, change: inputs => inputs with { Learners = [LogisticRegressionLearner.LearnerName] });
        return bench;
    }

    private static async Task<ScoreChangedOutputs> ScoreAsync(StageBench bench, int hours = 0) => ((TaskResult<ScoreChangedOutputs>.Succeeded)await RunAsync(bench, hours)).Outputs;

    /// <summary>One run of a DAG that runs every hour.</summary>
    private static Task<TaskResult<ScoreChangedOutputs>> RunAsync(StageBench bench, int hours)
    {
        var start = new DateTimeOffset(2026, 4, 1, hours, 0, 0, TimeSpan.Zero);
        TaskContext usual = bench.Context(run: 100 + hours);
        var context = new TaskContext(bench)
        {
            Attempt = usual.Attempt, RunType = "scheduled", LogicalDate = start, DataIntervalStart = start, DataIntervalEnd = start.AddHours(1), Params = [], Logger = usual.Logger,
            Time = bench.Time, WorkFolder = usual.WorkFolder, Settings = usual.Settings,
        };
        return new ScoreChangedTask(
            bench.Get<NpgsqlDataSource>(), bench.Get<ModelRegistry>(), bench.Get<ModelLoader>(), bench.Get<FeatureRegistry>(), bench.Get<FeatureServiceUse>())
            .RunAsync(new ScoreChangedInputs { Model = "tiny_churn" }, context, CancellationToken.None);
    }

    private static async Task PushAsync(StageBench bench, string customer, double recency)
    {
        FeatureView view = (await bench.Get<FeatureRegistry>().FindViewAsync("tiny_customer_activity", CancellationToken.None))!;
        var rows = view.Features.ToDictionary(
            feature => feature.Name, IReadOnlyList<JsonElement> (feature) => [JsonSerializer.SerializeToElement(feature.Name == "recency" ? recency : (object?)null)]);
        rows["customer_id"] = [JsonSerializer.SerializeToElement(customer)];
        rows["event_timestamp"] = [JsonSerializer.SerializeToElement("2026-04-02T00:00:00Z")];
        await bench.Get<FeaturePushes>().PushAsync(new PushRequest { PushSourceName = "tiny_customer_activity", Rows = rows, To = "online" }, CancellationToken.None);
    }

    private static async Task<long> CountAsync(StageBench bench, string sql)
    {
        await using NpgsqlConnection connection = await bench.Get<NpgsqlDataSource>().OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>(sql);
    }
}
