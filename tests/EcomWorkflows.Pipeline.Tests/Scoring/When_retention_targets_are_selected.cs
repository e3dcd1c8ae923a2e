using Dapper;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Features.Definitions;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Scoring;
using EcomWorkflows.Pipeline.Scoring.Retention;
using EcomWorkflows.Pipeline.Tests.Features;
using EcomWorkflows.Pipeline.Tests.Training;
using EcomWorkflows.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Scoring;

public sealed class When_retention_targets_are_selected(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task The_list_is_in_the_database_and_in_the_lake_with_group_reasons_and_model()
    {
        await using var bench = await ScoredAsync();

        SelectRetentionTargetsOutputs outputs = await SelectAsync(bench);

        outputs.Contacted.ShouldBeGreaterThan(0);
        outputs.HeldOut.ShouldBeGreaterThan(0);
        (outputs.Model, outputs.ModelVersion, outputs.Scored, outputs.Table).ShouldBe(("tiny_churn", 1, GeneratedShop.Customers, "gold.tiny.retention_targets"));
        await using NpgsqlConnection connection = await bench.Get<NpgsqlDataSource>().OpenConnectionAsync();
        (await connection.ExecuteScalarAsync<long>("select count(*) from gold.churn_predictions where churn_probability > @BreakEvenProbability", outputs))
            .ShouldBe(outputs.Contacted + outputs.HeldOut);
        (await connection.ExecuteScalarAsync<long>(
            """
            select count(*)
            from gold.retention_target t
            join gold.churn_predictions p using (source, as_of, customer_id)
            where t.churn_probability = p.churn_probability
              and t.reasons is not distinct from p.top_drivers
            """)).ShouldBe(outputs.Contacted + outputs.HeldOut);
        RetentionList list = (await bench.Get<RetentionStore>().FindAsync(TinyShop.Source, null, CancellationToken.None))!;
        (list.Contacted, list.HeldOut, list.ExpectedProfit, list.Budget, list.ValueFeature).ShouldBe((outputs.Contacted, outputs.HeldOut, outputs.ExpectedProfit, null, null));
        List<RetentionTarget> targets = await TargetsAsync(bench, list);
        targets.Select(target => target.Rank).ShouldBe(Enumerable.Range(1, targets.Count));
        targets.Select(target => target.ExpectedProfit).ShouldBe(targets.Select(target => target.ExpectedProfit).OrderDescending());
        targets[0].Reasons.ShouldNotBeNull();

        IReadOnlyList<(string, string, int)> lake = await bench.QueryAsync(
            SelectRetentionTargetsTask.TableOf(TinyShop.Source), "select customer_id, target_group, model_version from t order by rank", row => (row.Get<string>(0), row.Get<string>(1), row.Get<int>(2)));
        lake.ShouldBe(targets.Select(target => (target.CustomerId, target.Group, 1)));
    }

    [Fact]
    public async Task Selecting_again_replaces_the_list_and_never_duplicates()
    {
        await using var bench = await ScoredAsync();
        SelectRetentionTargetsOutputs first = await SelectAsync(bench);

        SelectRetentionTargetsOutputs second = await SelectAsync(bench, inputs => inputs with { Budget = 50 });

        second.ExpectedCost.ShouldBeLessThanOrEqualTo(50);
        second.Contacted.ShouldBeLessThan(first.Contacted);
        (await bench.Get<RetentionStore>().ListAsync(TinyShop.Source, CancellationToken.None)).Single().Contacted.ShouldBe(second.Contacted);
        await using NpgsqlConnection connection = await bench.Get<NpgsqlDataSource>().OpenConnectionAsync();
        (await connection.ExecuteScalarAsync<long>("select count(*) from gold.retention_target")).ShouldBe(second.Contacted + second.HeldOut);
    }

    [Fact]
    public async Task A_list_that_may_hold_fewer_is_the_head_of_the_whole_one()
    {
        await using var bench = await ScoredAsync();
        SelectRetentionTargetsOutputs whole = await SelectAsync(bench);
        List<RetentionTarget> all = await TargetsAsync(bench, (await bench.Get<RetentionStore>().FindAsync(TinyShop.Source, null, CancellationToken.None))!);

        SelectRetentionTargetsOutputs head = await SelectAsync(bench, inputs => inputs with { MostTargets = 10 });

        (whole.Contacted + whole.HeldOut).ShouldBeGreaterThan(10);
        (head.Contacted + head.HeldOut).ShouldBe(10);
        (await TargetsAsync(bench, (await bench.Get<RetentionStore>().FindAsync(TinyShop.Source, null, CancellationToken.None))!)).ShouldBe(all.Take(10));
    }

    [Fact]
    public async Task A_cut_that_the_sample_puts_too_high_does_not_shorten_the_list()
    {
        await using var bench = await StageBench.CreateAsync(postgres, TinyShop.Mapping());
        await using NpgsqlConnection connection = await bench.Get<NpgsqlDataSource>().OpenConnectionAsync();
        // The likely churners lie on the very pages that are sampled, so the sample takes a probability for common that few customers reach.
        await connection.ExecuteAsync(
            """
            create table gold.skewed_score partition of gold.churn_score for values from ('tiny', '2026-04-01') to ('tiny', '2026-04-02');

            insert into gold.skewed_score
            select 'tiny', '2026-04-01', to_char(n, 'FM00000'), 0.3, 0, null
            from generate_series(1, 80000) n;

            create temporary table sampled as
            select customer_id
            from gold.churn_score tablesample system (25) repeatable (42);

            truncate gold.skewed_score;

            insert into gold.skewed_score
            select 'tiny', '2026-04-01', to_char(n, 'FM00000'), case when s.customer_id is null then 0.3 else 0.5 + n / 200000.0 end, 0, null
            from generate_series(1, 80000) n
            left join sampled s on s.customer_id = to_char(n, 'FM00000')
            order by n;
            """);
        (await connection.ExecuteScalarAsync<long>("select count(*) from gold.churn_score tablesample system (25) repeatable (42) where churn_probability = 0.3")).ShouldBe(0);
        var scoring = new ScoringSummary(TinyShop.Source, new DateTimeOffset(2026, 4, 1, 0, 0, 0, TimeSpan.Zero), "tiny_churn", 1, 0.5f, 0, 10, Customers: 80_000);

        (IReadOnlyList<RetentionCandidate> candidates, _) = await bench.Get<RetentionStore>().CandidatesAsync(scoring, least: 0.2, most: 3_000, restDays: 28, CancellationToken.None);

        candidates.Select(candidate => candidate.CustomerId)
            .ShouldBe(await connection.QueryAsync<string>("select customer_id from gold.churn_score order by churn_probability desc, customer_id limit 3000"));
    }

    [Fact]
    public async Task Another_offer_than_that_of_the_models_report_is_named()
    {
        await using var bench = await ScoredAsync();

        (await SelectAsync(bench)).OfferDifferences.ShouldBeEmpty();
        (await SelectAsync(bench, inputs => inputs with { Offer = inputs.Offer with { CustomerValue = 120, SaveRate = 0.25 } })).OfferDifferences
            .ShouldBe(["customerValue 120 instead of 100", "saveRate 0.25 instead of 0.3"]);
    }

    [Fact]
    public async Task Who_was_listed_lately_rests()
    {
        await using var bench = await ScoredAsync();
        SelectRetentionTargetsOutputs first = await SelectAsync(bench, inputs => inputs with { Budget = 50 });
        await GeneratedShop.PublishAsync(bench, run: 2, days: 95);
        await GeneratedShop.ScoreAsync(bench, run: 2);

        SelectRetentionTargetsOutputs second = await SelectAsync(bench);

        second.AsOf.ShouldBeGreaterThan(first.AsOf);
        second.Resting.ShouldBeInRange(1, first.Contacted + first.HeldOut);
        await using NpgsqlConnection connection = await bench.Get<NpgsqlDataSource>().OpenConnectionAsync();
        (await connection.ExecuteScalarAsync<long>("select max(times) from (select count(*) as times from gold.retention_target group by customer_id) c")).ShouldBe(1);
        (await SelectAsync(bench, inputs => inputs with { RestDays = 0 })).Resting.ShouldBe(0);
    }

    [Fact]
    public async Task A_feature_is_each_customers_own_value()
    {
        await using var bench = await ScoredAsync();

        await SelectAsync(bench, inputs => inputs with { ValueFeature = "monetary" });

        RetentionList list = (await bench.Get<RetentionStore>().FindAsync(TinyShop.Source, null, CancellationToken.None))!;
        list.ValueFeature.ShouldBe("monetary");
        (await TargetsAsync(bench, list)).Select(target => target.CustomerValue).Distinct().Count().ShouldBeGreaterThan(10);
        (await RefusedAsync(bench, inputs => inputs with { ValueFeature = "worth" })).ShouldContain("valueFeature is 'worth'; feature service tiny_churn has recency");
    }

    [Fact]
    public async Task A_customers_own_value_may_come_from_any_view_of_the_service()
    {
        await using var bench = await ScoredAsync();
        await When_features_are_defined_in_files.WriteAsync(
            bench,
            $$"""
            {
              "views": [ {{TinyShop.ViewDefinition()}}, { "name": "worth", "description": "d", "entities": ["customer"], "source": { "table": "silver.tiny.worth", "created": "created" },
                "features": [ { "name": "worth", "type": "double", "description": "d" } ] } ],
              "services": [ { "name": "tiny_churn", "description": "d", "features": ["tiny_customer_activity", "worth:worth"] } ]
            }
            """);
        await using NpgsqlConnection connection = await bench.Get<NpgsqlDataSource>().OpenConnectionAsync();
        string likeliest = (await connection.ExecuteScalarAsync<string>("select customer_id from gold.churn_predictions order by churn_probability desc, customer_id limit 1"))!;
        await bench.PublishTableAsync(
            new LakeTableName("silver", TinyShop.Source, "worth"),
            $"select '{likeliest}' as customer_id, timestamp '2020-01-01' as event_timestamp, timestamp '2020-01-01' as created, 5000.0::double as worth");
        await bench.RunAsync<MaterializeFeaturesTask, MaterializeFeaturesInputs, MaterializeFeaturesOutputs>(new MaterializeFeaturesInputs { View = "worth" });
        await bench.Get<FeatureApplication>().ApplyAsync(CancellationToken.None);

        await SelectAsync(bench, inputs => inputs with { ValueFeature = "worth", Offer = inputs.Offer with { CustomerValue = 80 } });

        RetentionList list = (await bench.Get<RetentionStore>().FindAsync(TinyShop.Source, null, CancellationToken.None))!;
        List<RetentionTarget> targets = await TargetsAsync(bench, list);
        (targets[0].CustomerId, targets[0].CustomerValue).ShouldBe((likeliest, 5000));
        targets.Skip(1).ShouldAllBe(target => target.CustomerValue == 80);
    }

    [Fact]
    public async Task Wrong_settings_and_missing_scores_are_named()
    {
        await using var bench = await StageBench.CreateAsync(postgres, TinyShop.Mapping());

        (await RefusedAsync(bench, inputs => inputs)).ShouldBe("Customers of 'tiny' have not been scored yet. Run Ecom.ScoreChurn first.");
        (await RefusedAsync(bench, inputs => inputs with { HoldoutShare = 1 })).ShouldBe("holdoutShare is 1; allowed: 0 to below 1.");
        (await RefusedAsync(bench, inputs => inputs with { Budget = -1 })).ShouldBe("budget is -1; allowed: 0 for no limit, or more.");
        (await RefusedAsync(bench, inputs => inputs with { Offer = inputs.Offer with { SaveRate = 2 } })).ShouldBe("saveRate is 2; allowed: 0 to 1.");
        (await RefusedAsync(bench, inputs => inputs with { RestDays = -1 })).ShouldBe("restDays is -1; allowed: 0 to 3650.");
    }

    [Theory]
    [InlineData(nameof(PublishFate.Fenced))]
    [InlineData(nameof(PublishFate.CrashBeforeCommit))]
    public async Task An_attempt_that_may_not_publish_leaves_the_list_as_it_was(string fate)
    {
        await using var bench = await ScoredAsync();
        SelectRetentionTargetsOutputs before = await SelectAsync(bench);

        bench.Fate = Enum.Parse<PublishFate>(fate);
        await Should.ThrowAsync<Exception>(() => SelectAsync(bench, inputs => inputs with { Budget = 50 }));

        RetentionList list = (await bench.Get<RetentionStore>().FindAsync(TinyShop.Source, before.AsOf, CancellationToken.None))!;
        list.Contacted.ShouldBe(before.Contacted);
        (await TargetsAsync(bench, list)).Count.ShouldBe((int)(before.Contacted + before.HeldOut));
    }

    private async Task<StageBench> ScoredAsync()
    {
        StageBench bench = await StageBench.CreateAsync(postgres, TinyShop.Mapping());
        await GeneratedShop.PublishAsync(bench);
        await GeneratedShop.TrainAsync(bench);
        await GeneratedShop.ScoreAsync(bench);
        return bench;
    }

    private static Task<SelectRetentionTargetsOutputs> SelectAsync(StageBench bench, Func<SelectRetentionTargetsInputs, SelectRetentionTargetsInputs>? change = null)
    {
        var inputs = new SelectRetentionTargetsInputs { Source = TinyShop.Source };
        return bench.RunAsync<SelectRetentionTargetsTask, SelectRetentionTargetsInputs, SelectRetentionTargetsOutputs>(change is null ? inputs : change(inputs));
    }

    private static async Task<string> RefusedAsync(StageBench bench, Func<SelectRetentionTargetsInputs, SelectRetentionTargetsInputs> change) =>
        (await Should.ThrowAsync<TaskFailedException>(() => SelectAsync(bench, change))).Message;

    private static async Task<List<RetentionTarget>> TargetsAsync(StageBench bench, RetentionList list)
    {
        var targets = new List<RetentionTarget>();
        await foreach (RetentionTarget target in bench.Get<RetentionStore>().TargetsAsync(list.Source, list.AsOf, limit: null, CancellationToken.None))
            targets.Add(target);
        return targets;
    }
}
