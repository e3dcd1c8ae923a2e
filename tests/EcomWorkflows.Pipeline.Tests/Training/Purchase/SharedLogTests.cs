using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Tests.Features;
using EcomWorkflows.Pipeline.Training;
using EcomWorkflows.Pipeline.Training.Leaks;
using EcomWorkflows.Pipeline.Training.Purchase;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Training.Purchase;

/// <summary>RetailRocket-shaped logs; the expected figures were counted with pandas, from the definition.</summary>
public sealed class SharedLogTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Synthetic = "synthetic-rr-shaped-events-part1.csv.gz";

    private const string Sample = "retailrocket-sample-events-part1.csv.gz";

    private const string Settings = """{ "outcomeDays": 14, "embargoDays": 1, "candidateDays": 30, "trainCutoffs": 3, "cutoffStepDays": 14 }""";

    [SharedDataFact(Synthetic)]
    public async Task Pairs_and_purchases_of_the_synthetic_log_are_those_that_pandas_counts()
    {
        await using var bench = await StageBench.CreateAsync(postgres, PairShop.Mapping(Settings));
        await PairShop.PublishAsync(bench, Events(Synthetic));

        BuildPurchaseSetOutputs outputs = await PairShop.BuildAsync(bench);

        outputs.TestCutoff.ShouldBe(new DateTimeOffset(2015, 8, 7, 0, 0, 0, TimeSpan.Zero));
        (outputs.TrainRows, outputs.TrainBought).ShouldBe((485_565 + 495_319 + 516_451, 127 + 124 + 160));
        (outputs.TestRows, outputs.TestBought, outputs.TestPurchases).ShouldBe((511_906, 197, 2_385));
        outputs.LatestPairs.ShouldBe(449_954);
    }

    [SharedDataFact(Sample)]
    public async Task The_real_sample_has_too_few_purchases_of_earlier_interest_and_says_so()
    {
        await using var bench = await StageBench.CreateAsync(postgres, PairShop.Mapping(Settings));
        await PairShop.PublishAsync(bench, Events(Sample));

        (await Should.ThrowAsync<TaskFailedException>(() => PairShop.BuildAsync(bench))).Message.ShouldContain(
            $"Of {1_528 + 1_501 + 1_786} pairs of visitor and item known before the 3 training cutoffs up to 2015-07-23, 1 were bought in the 14 days after it");
    }

    [SharedDataFact(Sample)]
    public async Task The_classic_variant_reads_the_purchases_of_the_real_sample_off_their_own_traces()
    {
        await using var bench = await StageBench.CreateAsync(postgres, PairShop.Mapping(Settings));
        await PairShop.PublishAsync(bench, Events(Sample));

        BuildPurchaseSetOutputs set = await PairShop.BuildAsync(bench, variant: PurchaseVariant.Classic);
        TrainingOutputs outputs = await PairShop.TrainAsync(bench, variant: PurchaseVariant.Classic, onLeak: LeakPolicy.Report);

        (set.TrainRows, set.TrainBought, set.TestRows, set.TestBought).ShouldBe((4_845, 26, 1_222, 11));
        outputs.Leaks.ShouldNotBeEmpty();
        outputs.Learners.Max(learner => learner.F1).ShouldBeGreaterThanOrEqualTo(0.92);
        outputs.Learners.Single(learner => learner.Learner == outputs.Learner).F1.ShouldBeGreaterThanOrEqualTo(0.92);
    }

    private static string Events(string file) =>
        $"""
        select distinct visitorid::varchar as customer_id, itemid::varchar as product_id,
          case event when 'view' then 'view' when 'addtocart' then 'cart' else 'purchase' end as event_type, make_timestamp(timestamp * 1000) as event_time
        from read_csv({LakeStore.Quote(SharedData.Path(file))})
        """;
}
