using System.Text.Json;
using Dapper;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Features.Definitions;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Scoring;
using EcomWorkflows.Pipeline.Tests.Features;
using EcomWorkflows.Pipeline.Tests.Training;
using EcomWorkflows.Pipeline.Training;
using EcomWorkflows.Pipeline.Training.Registry;
using EcomWorkflows.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Scoring;

public sealed class ScoreChurnTaskTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Every_customer_is_predicted_once_with_the_way_back_to_the_model()
    {
        await using var bench = await TrainedAsync();

        ScoreChurnOutputs outputs = await GeneratedShop.ScoreAsync(bench);

        outputs.Customers.ShouldBe(GeneratedShop.Customers);
        (await RowsAsync(bench)).ShouldBe((GeneratedShop.Customers, GeneratedShop.Customers));
        await using NpgsqlConnection connection = await bench.Get<NpgsqlDataSource>().OpenConnectionAsync();
        (await connection.ExecuteScalarAsync<long>(
            """
            select count(*)
            from gold.churn_predictions
            where source = 'tiny'
              and model_name = 'tiny_churn'
              and model_version = 1
              and feature_view_version = 1
              and run_id = 1
              and churn_probability between 0 and 1
              and predicted_label = case when churn_probability >= threshold then 1 else 0 end
            """)).ShouldBe(GeneratedShop.Customers);
        outputs.AtRisk.ShouldBe(await connection.ExecuteScalarAsync<long>("select sum(predicted_label) from gold.churn_predictions"));
    }

    [Fact]
    public async Task The_riskiest_customers_get_their_reasons()
    {
        await using var bench = await TrainedAsync();

        await GeneratedShop.ScoreAsync(bench, explainTop: 20);

        await using NpgsqlConnection connection = await bench.Get<NpgsqlDataSource>().OpenConnectionAsync();
        var rows = (await connection.QueryAsync<(double Probability, string? Drivers)>(
            """
            select churn_probability, top_drivers::text
            from gold.churn_predictions
            order by churn_probability desc
            """)).AsList();
        rows.Count(row => row.Drivers is not null).ShouldBe(20);
        rows.Where(row => row.Drivers is not null).Min(row => row.Probability).ShouldBeGreaterThanOrEqualTo(rows.Where(row => row.Drivers is null).Max(row => row.Probability));
        PredictionDriver[] drivers = JsonSerializer.Deserialize<PredictionDriver[]>(rows.First(row => row.Drivers is not null).Drivers!, TaskJson.Options)!;
        drivers.Length.ShouldBeInRange(1, 3);
        drivers.ShouldAllBe(driver => driver.Contribution > 0);
        drivers.Select(driver => driver.Contribution).ShouldBe(drivers.Select(driver => driver.Contribution).OrderDescending());
    }

    [Fact]
    public async Task Scoring_again_replaces_and_never_duplicates()
    {
        await using var bench = await TrainedAsync();

        await GeneratedShop.ScoreAsync(bench);
        await GeneratedShop.ScoreAsync(bench, run: 2);

        (await RowsAsync(bench)).ShouldBe((GeneratedShop.Customers, GeneratedShop.Customers));
        await using NpgsqlConnection connection = await bench.Get<NpgsqlDataSource>().OpenConnectionAsync();
        (await connection.ExecuteScalarAsync<long>("select distinct run_id from gold.churn_predictions")).ShouldBe(2);
        (await connection.ExecuteScalarAsync<long>("select count(*) from pg_tables where schemaname = 'gold' and tablename like 'churn_score_a%'")).ShouldBe(1);
    }

    [Theory]
    [InlineData(nameof(PublishFate.Fenced))]
    [InlineData(nameof(PublishFate.CrashBeforeCommit))]
    public async Task An_attempt_that_may_not_publish_leaves_the_predictions_as_they_were(string fate)
    {
        await using var bench = await TrainedAsync();
        await GeneratedShop.ScoreAsync(bench);

        bench.Fate = Enum.Parse<PublishFate>(fate);
        await Should.ThrowAsync<Exception>(() => GeneratedShop.ScoreAsync(bench, run: 2));

        (await RowsAsync(bench)).ShouldBe((GeneratedShop.Customers, GeneratedShop.Customers));
        await using NpgsqlConnection connection = await bench.Get<NpgsqlDataSource>().OpenConnectionAsync();
        (await connection.ExecuteScalarAsync<long>("select distinct run_id from gold.churn_predictions")).ShouldBe(1);
    }

    [Fact]
    public async Task Scoring_without_a_model_says_what_to_run()
    {
        await using var bench = await StageBench.CreateAsync(postgres, TinyShop.Mapping());
        await GeneratedShop.PublishAsync(bench);

        (await Should.ThrowAsync<TaskFailedException>(() => GeneratedShop.ScoreAsync(bench))).Message.ShouldContain("Run Ecom.TrainChurn for source 'tiny' first");
    }

    [Fact]
    public async Task A_feature_the_model_needs_and_the_view_lost_is_named()
    {
        await using var bench = await TrainedAsync();
        await bench.PublishTableAsync(
            new LakeTableName("features", TinyShop.Source, "customer_activity"),
            "select 'c1' as customer_id, timestamp '2026-04-01' as event_timestamp, timestamp '2026-04-01' as created_timestamp, 1.0::double as recency");

        TaskFailedException failure = await Should.ThrowAsync<TaskFailedException>(() => GeneratedShop.ScoreAsync(bench));
        failure.Message.ShouldContain("features.tiny.customer_activity at snapshot");
        failure.Message.ShouldContain("does not have tenure, frequency");
        failure.Cause.ShouldBe(FailureCause.BadData);
    }

    [Fact]
    public async Task A_model_is_scored_with_the_service_version_it_was_trained_on_and_may_not_ask_for_others()
    {
        await using var bench = await TrainedAsync();
        await When_features_are_defined_in_files.WriteAsync(
            bench, $$"""{ "views": [ {{TinyShop.ViewDefinition()}} ], "services": [ { "name": "tiny_churn", "description": "d", "features": ["tiny_customer_activity:recency"] } ] }""");
        await bench.Get<FeatureApplication>().ApplyAsync(CancellationToken.None);
        (await bench.Get<FeatureRegistry>().ReadAsync(CancellationToken.None)).FindService("tiny_churn")!.Version.ShouldBe(2);

        (await GeneratedShop.ScoreAsync(bench)).Customers.ShouldBe(GeneratedShop.Customers);

        (await bench.Get<FeatureServiceUse>().OfAsync("tiny_churn", 1, CancellationToken.None)).ShouldBe("tiny_churn@v1");
        await using NpgsqlConnection connection = await bench.Get<NpgsqlDataSource>().OpenConnectionAsync();
        await connection.ExecuteAsync("update features.service_use set service_version = 2 where model = 'tiny_churn'");
        (await Should.ThrowAsync<TaskFailedException>(() => GeneratedShop.ScoreAsync(bench))).Message.ShouldContain("which its feature service tiny_churn v2 does not have");
        // A new model is trained on the service as it is now.
        await bench.RunAsync<BuildTrainingSetTask, BuildTrainingSetInputs, BuildTrainingSetOutputs>(new BuildTrainingSetInputs { Source = TinyShop.Source });
        (await bench.QueryAsync(BuildTrainingSetTask.TableOf(TinyShop.Source), "select column_name from (describe t)", row => row.Get<string>(0)))
            .ShouldBe(["customer_id", "split", "cutoff", "feature_as_of", "churned", "recency"]);
    }

    [Fact]
    public async Task Predictions_of_the_table_are_those_of_the_model()
    {
        await using var bench = await TrainedAsync();
        await GeneratedShop.ScoreAsync(bench);

        var champion = (await bench.Get<ModelRegistry>().FindChampionAsync("tiny_churn", CancellationToken.None))!;
        using var model = bench.Get<ModelLoader>().Load(champion);
        var rows = await bench.QueryAsync(
            new LakeTableName("features", TinyShop.Source, "customer_activity"),
            $"select customer_id, {string.Join(", ", champion.Features)} from t where event_timestamp = (select max(event_timestamp) from t) order by customer_id limit 50",
            row => (Customer: row.Get<string>(0), Values: champion.Features.Select((_, i) => row.IsNull(i + 1) ? float.NaN : (float)row.Get<double>(i + 1)).ToArray()));
        await using NpgsqlConnection connection = await bench.Get<NpgsqlDataSource>().OpenConnectionAsync();
        foreach (var (customer, values) in rows)
        {
            double stored = await connection.ExecuteScalarAsync<double>(
                "select churn_probability from gold.churn_predictions where customer_id = @customer", new { customer });
            stored.ShouldBe(model.Predict(new FeatureTable(champion.Features, values, 1))[0], 1e-6);
        }
    }

    private async Task<StageBench> TrainedAsync()
    {
        StageBench bench = await StageBench.CreateAsync(postgres, TinyShop.Mapping());
        await GeneratedShop.PublishAsync(bench);
        await GeneratedShop.TrainAsync(bench);
        return bench;
    }

    private static async Task<(long Rows, long Customers)> RowsAsync(StageBench bench)
    {
        await using NpgsqlConnection connection = await bench.Get<NpgsqlDataSource>().OpenConnectionAsync();
        return await connection.QuerySingleAsync<(long, long)>("select count(*), count(distinct customer_id) from gold.churn_predictions");
    }
}
