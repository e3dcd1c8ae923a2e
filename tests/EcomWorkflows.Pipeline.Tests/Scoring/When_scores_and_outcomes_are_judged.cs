using Dapper;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Scoring.Drift;
using EcomWorkflows.Pipeline.Scoring.Outcomes;
using EcomWorkflows.Pipeline.Scoring.Retention;
using EcomWorkflows.Pipeline.Tests.Features;
using EcomWorkflows.Pipeline.Tests.Training;
using EcomWorkflows.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Scoring;

public sealed class When_scores_and_outcomes_are_judged(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Scores_are_compared_with_the_test_customers_and_with_the_scoring_before()
    {
        await using var bench = await ScoredAsync();
        CheckScoreDriftOutputs first = await CheckAsync(bench, failOnDrift: false);
        first.TrainingPsi.ShouldNotBeNull();
        first.PreviousPsi.ShouldBeNull();

        await GeneratedShop.PublishAsync(bench, run: 2, days: 92);
        await GeneratedShop.ScoreAsync(bench, run: 2);
        CheckScoreDriftOutputs second = await CheckAsync(bench, failOnDrift: false);

        second.PreviousPsi.ShouldNotBeNull();
        IReadOnlyList<ScoreDrift> stored = await bench.Get<ScoreDriftStore>().ListAsync("tiny_churn", 1, CancellationToken.None);
        stored.Select(drift => drift.Reference).ShouldBe(["previous", "training", "training"]);
        stored[0].Psi.ShouldBe(second.PreviousPsi!.Value);
        stored.ShouldAllBe(drift => drift.PsiThreshold >= 0.1 && drift.Rows == GeneratedShop.Customers);
    }

    [Fact]
    public async Task Scores_that_moved_fail_the_task_by_name_and_are_kept_all_the_same()
    {
        await using var bench = await ScoredAsync();
        await ExecuteAsync(bench, "update gold.churn_score set churn_probability = 0.9 + churn_probability / 20");

        TaskFailedException failure = await Should.ThrowAsync<TaskFailedException>(() => CheckAsync(bench, failOnDrift: true));

        failure.Message.ShouldContain("by tiny_churn v1 drifted: against the model's test customers of 20");
        failure.Message.ShouldContain("Look at /models/tiny_churn/1");
        ScoreDrift stored = (await bench.Get<ScoreDriftStore>().ListAsync("tiny_churn", 1, CancellationToken.None)).Single();
        (stored.Drifted, stored.Mean > 0.9, stored.Psi > stored.PsiThreshold).ShouldBe((true, true, true));
        (await CheckAsync(bench, failOnDrift: false)).Drifted.ShouldBe(["training"]);
        (await bench.Get<ScoreDriftStore>().ListAsync("tiny_churn", 1, CancellationToken.None)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Nothing_is_said_before_the_outcome_window_has_closed()
    {
        await using var bench = await ScoredAsync();

        (await EvaluateAsync(bench, run: 1)).ShouldSatisfyAllConditions(outputs => outputs.Evaluated.ShouldBe(0), outputs => outputs.Open.ShouldBe(1), outputs => outputs.RocAuc.ShouldBeNull());

        // As of day 90 with 10 days of outcome: the last complete day of data must reach day 100.
        await GeneratedShop.PublishEventsAsync(bench, run: 2, days: 100);
        (await EvaluateAsync(bench, run: 2)).Evaluated.ShouldBe(0);
        await GeneratedShop.PublishEventsAsync(bench, run: 3, days: 101);
        (await EvaluateAsync(bench, run: 3)).Evaluated.ShouldBe(1);
    }

    [Fact]
    public async Task Closed_windows_are_judged_once_by_what_happened_in_them()
    {
        await using var bench = await ScoredAsync();
        await SelectAsync(bench);
        await GeneratedShop.PublishEventsAsync(bench, run: 2, days: 110);

        EvaluateOutcomesOutputs outputs = await EvaluateAsync(bench, run: 2);

        (outputs.Evaluated, outputs.Open, outputs.RetentionLists).ShouldBe((1, 0, 1));
        ChurnOutcome outcome = (await bench.Get<OutcomeStore>().ListAsync("tiny_churn", 1, CancellationToken.None)).Single();
        var stayed = (await bench.QueryAsync(
            new LakeTableName("silver", TinyShop.Source, "events"),
            $"select distinct customer_id from t where event_time >= timestamp '{outcome.AsOf.UtcDateTime:yyyy-MM-dd}' and event_time < timestamp '{outcome.OutcomeEnd.UtcDateTime:yyyy-MM-dd}'",
            row => row.Get<string>(0))).ToHashSet();
        (outcome.OutcomeEnd - outcome.AsOf).ShouldBe(TimeSpan.FromDays(10));
        (outcome.Customers, outcome.Churned).ShouldBe((GeneratedShop.Customers, GeneratedShop.Customers - stayed.Count));
        outputs.ChurnRate!.Value.ShouldBe(outcome.ChurnRate);
        outcome.RocAuc!.Value.ShouldBe(outcome.Metrics.RocAuc);
        outcome.RocAuc.Value.ShouldBeGreaterThan(0.7);

        RetentionOutcome uplift = (await bench.Get<OutcomeStore>().RetentionAsync(TinyShop.Source, CancellationToken.None)).Single();
        await using NpgsqlConnection connection = await bench.Get<NpgsqlDataSource>().OpenConnectionAsync();
        var contacted = (await connection.QueryAsync<string>("select customer_id from gold.retention_target where target_group = 'contact'")).AsList();
        (uplift.Contacted, uplift.ContactedChurned).ShouldBe((contacted.Count, contacted.Count(customer => !stayed.Contains(customer))));
        uplift.Uplift!.Value.ShouldBeInRange(uplift.UpliftLow!.Value, uplift.UpliftHigh!.Value);

        (await EvaluateAsync(bench, run: 2)).Evaluated.ShouldBe(0);
        bench.Time.Now = bench.Time.Now.AddHours(1);
        await GeneratedShop.ScoreAsync(bench, run: 1);
        (await EvaluateAsync(bench, run: 2)).Evaluated.ShouldBe(1, "the same moment was scored anew");
    }

    [Fact]
    public async Task Labels_that_drifted_and_a_model_that_ranks_no_more_fail_the_task_by_name()
    {
        await using var bench = await ScoredAsync();
        // After day 90 only those the model thought lost go on buying.
        await ExecuteAsync(bench, "update gold.churn_score set churn_probability = 1 - churn_probability");
        await GeneratedShop.PublishEventsAsync(bench, run: 2, days: 110, which: "c % 6 = 0");

        TaskFailedException failure = await Should.ThrowAsync<TaskFailedException>(() => EvaluateAsync(bench, run: 2, failOnDrift: true));

        failure.Message.ShouldContain("% churned, among its test customers");
        ChurnOutcome outcome = (await bench.Get<OutcomeStore>().ListAsync("tiny_churn", 1, CancellationToken.None)).Single();
        outcome.LabelDrift.ShouldBeTrue();
        outcome.Decayed.ShouldBeTrue();
        failure.Message.ShouldContain("tiny_churn v1 as of 20");
        failure.Message.ShouldContain(", on its test customers ");
    }

    [Fact]
    public void The_interval_of_a_difference_is_Newcombes()
    {
        // Newcombe (1998), table II: 56/70 against 48/80 is 0.2 (0.0524 to 0.3339), 9/10 against 3/10 is 0.6 (0.1705 to 0.8090), 10/10 against 0/20 is 1 (0.6791 to 1).
        foreach (var (a, m, b, n, low, high) in new[] { (56, 70, 48, 80, 0.0524, 0.3339), (9, 10, 3, 10, 0.1705, 0.8090), (10, 10, 0, 20, 0.6791, 1.0) })
        {
            ProportionDifference difference = ProportionDifference.Of(a, m, b, n);
            difference.Low.ShouldBe(low, 5e-5);
            difference.High.ShouldBe(high, 5e-5);
        }
    }

    private async Task<StageBench> ScoredAsync()
    {
        StageBench bench = await StageBench.CreateAsync(postgres, TinyShop.Mapping());
        await GeneratedShop.PublishAsync(bench);
        await GeneratedShop.TrainAsync(bench);
        await GeneratedShop.ScoreAsync(bench);
        return bench;
    }

    private static Task<CheckScoreDriftOutputs> CheckAsync(StageBench bench, bool failOnDrift) =>
        bench.RunAsync<CheckScoreDriftTask, CheckScoreDriftInputs, CheckScoreDriftOutputs>(new CheckScoreDriftInputs { Source = TinyShop.Source, FailOnDrift = failOnDrift });

    private static Task<EvaluateOutcomesOutputs> EvaluateAsync(StageBench bench, long run, bool failOnDrift = false) =>
        bench.RunAsync<EvaluateOutcomesTask, EvaluateOutcomesInputs, EvaluateOutcomesOutputs>(new EvaluateOutcomesInputs { Source = TinyShop.Source, FailOnDrift = failOnDrift }, bench.Context(run));

    private static Task<SelectRetentionTargetsOutputs> SelectAsync(StageBench bench) =>
        bench.RunAsync<SelectRetentionTargetsTask, SelectRetentionTargetsInputs, SelectRetentionTargetsOutputs>(new SelectRetentionTargetsInputs { Source = TinyShop.Source, HoldoutShare = 0.3 });

    private static async Task ExecuteAsync(StageBench bench, string sql)
    {
        await using NpgsqlConnection connection = await bench.Get<NpgsqlDataSource>().OpenConnectionAsync();
        await connection.ExecuteAsync(sql);
    }
}
