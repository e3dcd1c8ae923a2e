using System.Globalization;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Tests.Features;
using EcomWorkflows.Pipeline.Training.Purchase;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Training.Purchase;

public sealed class When_purchase_sets_are_built(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string WithGap = """{ "outcomeDays": 6, "embargoDays": 2, "gapDays": 1, "candidateDays": 9, "trainCutoffs": 2, "cutoffStepDays": 5 }""";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Candidates_features_and_labels_are_those_of_the_definition(int seed)
    {
        await using var bench = await StageBench.CreateAsync(postgres, PairShop.Mapping(WithGap));
        IReadOnlyList<BruteForcePairs.Step> steps = RandomSteps(seed, 3_000);
        await PairShop.PublishAsync(bench, Values(steps));

        BuildPurchaseSetOutputs outputs = await PairShop.BuildAsync(bench);

        // The last event is on 2026-03-01: 1 + 6 days back, then 1 + 6 + 2 days, then a step of 5.
        DateTime test = new(2026, 2, 22);
        DateTime[] cutoffs = [new(2026, 2, 8), new(2026, 2, 13), test];
        outputs.TestCutoff.UtcDateTime.ShouldBe(test);
        var rows = await RowsAsync(bench, PairShop.Set, "cutoff");
        rows.Select(row => row.AsOf).Distinct().ShouldBe(cutoffs);
        foreach (DateTime cutoff in cutoffs)
        {
            var expected = BruteForcePairs.FeaturesAt(steps, cutoff, 9);
            var found = rows.Where(row => row.AsOf == cutoff).ToList();
            Same(found, expected);
            found.ShouldAllBe(row => row.Split == (cutoff == test ? "test" : "train"));
            found.Where(row => (row.Bought == 1) != BruteForcePairs.IsBought(steps, row.Pair, cutoff, gapDays: 1, outcomeDays: 6)).ShouldBeEmpty();
        }

        outputs.TestPurchases.ShouldBe(steps.Select(step => (step.Visitor, step.Item)).Distinct().Count(pair => BruteForcePairs.IsBought(steps, pair, test, 1, 6)));
        Same((await RowsAsync(bench, PairShop.History, "event_timestamp")).Where(row => row.AsOf == new DateTime(2026, 3, 2)).ToList(), BruteForcePairs.FeaturesAt(steps, new DateTime(2026, 3, 2), 9));
    }

    [Fact]
    public async Task What_happens_from_a_cutoff_on_changes_no_feature_and_what_happened_before_it_no_label()
    {
        await using var bench = await StageBench.CreateAsync(postgres, PairShop.Mapping());
        IReadOnlyList<BruteForcePairs.Step> steps = RandomSteps(4, 3_000);
        DateTime test = new(2026, 2, 19);
        await PairShop.PublishAsync(bench, Values(steps));
        await PairShop.BuildAsync(bench);
        var before = (await RowsAsync(bench, PairShop.Set, "cutoff")).Where(row => row.AsOf == test).ToDictionary(row => row.Pair);

        // Everything after the cutoff becomes a purchase by everybody; the very last event stays, for the windows hang on it.
        await PairShop.PublishAsync(bench, Values([.. steps.Select(step => step.Time >= test ? step with { Depth = 3 } : step)]), run: 2);
        await PairShop.BuildAsync(bench, run: 2);
        var later = (await RowsAsync(bench, PairShop.Set, "cutoff")).Where(row => row.AsOf == test).ToDictionary(row => row.Pair);
        later.Keys.ShouldBe(before.Keys, ignoreOrder: true);
        later.Where(row => !row.Value.Features.SequenceEqual(before[row.Key].Features)).ShouldBeEmpty();
        later.Values.Count(row => row.Bought == 1).ShouldBeGreaterThan(before.Values.Count(row => row.Bought == 1));

        // Every step before the cutoff becomes a cart; the pairs are the same, so are their labels.
        await PairShop.PublishAsync(bench, Values([.. steps.Select(step => step.Time < test ? step with { Depth = 2 } : step)]), run: 3);
        await Should.ThrowAsync<TaskFailedException>(() => PairShop.BuildAsync(bench, run: 3));
        await PairShop.PublishAsync(bench, Values([.. steps.Select(step => step.Time < test.AddDays(-11) || step.Time >= test ? step : step with { Depth = 2 })]), run: 4);
        await PairShop.BuildAsync(bench, run: 4);
        var earlier = (await RowsAsync(bench, PairShop.Set, "cutoff")).Where(row => row.AsOf == test).ToDictionary(row => row.Pair);
        earlier.Keys.ShouldBe(before.Keys, ignoreOrder: true);
        earlier.Where(row => row.Value.Bought != before[row.Key].Bought).ShouldBeEmpty();
        earlier.Where(row => !row.Value.Features.SequenceEqual(before[row.Key].Features)).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task The_same_events_give_the_same_files()
    {
        await using var bench = await StageBench.CreateAsync(postgres, PairShop.Mapping());
        await PairShop.PublishAsync(bench);

        await PairShop.BuildAsync(bench);
        IReadOnlyList<string> first = await HashesAsync(bench);
        await PairShop.BuildAsync(bench, run: 2);

        first.Count.ShouldBe(4);
        (await HashesAsync(bench)).ShouldBe(first);
    }

    private static async Task<IReadOnlyList<string>> HashesAsync(StageBench bench) =>
        [.. (await bench.Get<LakeStore>().CurrentAsync(PairShop.Set, CancellationToken.None))!.Files.Select(file => file.Sha256)];

    [Theory]
    [InlineData("select 'v1' as customer_id, null::varchar as product_id, 'view' as event_type, timestamp '2026-01-01' + to_days(d::int) as event_time from range(100) t(d)", "No visitor of 'pairs' viewed, carted or bought an item in the 20 days before the 3 training cutoffs")]
    [InlineData("select 'v' || d % 30 as customer_id, 'p' || d % 7 as product_id, 'view' as event_type, timestamp '2026-01-01' + to_days(d::int) as event_time from range(100) t(d)", " 0 were bought in the 10 days after it; at least 10 bought and 10 not bought are needed")]
    [InlineData("select 'v' || v as customer_id, 'p' as product_id, 'purchase' as event_type, timestamp '2026-01-01' + to_days(d::int) as event_time from range(100) t(d), range(20) u(v)", "Of 60 pairs of visitor and item known before the 3 training cutoffs up to 2026-03-20, 60 were bought")]
    [InlineData("select 'v1' as customer_id, 'p' as product_id, 'view' as event_type, timestamp '2026-01-01' + to_days(d::int) as event_time from range(15) t(d)", "two outcome windows of 10 days, the embargo and some history before them do not fit. Bring more data, or lower purchase.outcomeDays in ")]
    [InlineData("select 'v1' as customer_id, 'p' as product_id, 'view' as event_type, timestamp '2026-01-01' as event_time where false", "There is no event of 'pairs' left after validation")]
    public async Task Too_little_to_learn_from_is_said_with_what_to_change(string steps, string message)
    {
        await using var bench = await StageBench.CreateAsync(postgres, PairShop.Mapping());
        await PairShop.PublishAsync(bench, steps);

        TaskFailedException failure = await Should.ThrowAsync<TaskFailedException>(() => PairShop.BuildAsync(bench));

        failure.Message.ShouldContain(message);
        failure.Cause.ShouldBe(FailureCause.BadData);
        (await bench.Get<LakeStore>().CurrentAsync(PairShop.Set, CancellationToken.None)).ShouldBeNull();
    }

    [Theory]
    [InlineData("""{ "outcomeDays": 0 }""", "purchase.outcomeDays is 0 (allowed: 1 or more)")]
    [InlineData("""{ "embargoDays": -1 }""", "purchase.embargoDays is -1 (allowed: 0 or more)")]
    [InlineData("""{ "gapDays": -1 }""", "purchase.gapDays is -1 (allowed: 0 or more)")]
    [InlineData("""{ "candidateDays": 0 }""", "purchase.candidateDays is 0 (allowed: 1 or more)")]
    [InlineData("""{ "trainCutoffs": 25 }""", "purchase.trainCutoffs is 25 (allowed: 1 to 24)")]
    [InlineData("""{ "cutoffStepDays": 0 }""", "purchase.cutoffStepDays is 0 (allowed: 1 or more)")]
    public async Task A_setting_out_of_range_is_named_with_its_file(string purchase, string message)
    {
        await using var bench = await StageBench.CreateAsync(postgres, PairShop.Mapping(purchase));
        await PairShop.PublishAsync(bench);

        string failure = (await Should.ThrowAsync<TaskFailedException>(() => PairShop.BuildAsync(bench))).Message;

        failure.ShouldContain("pairs.json");
        failure.ShouldContain(message);
    }

    private static void Same(IReadOnlyList<Row> found, IReadOnlyDictionary<(string Visitor, string Item), double[]> expected)
    {
        found.Select(row => row.Pair).ShouldBe(expected.Keys, ignoreOrder: true);
        foreach (Row row in found)
        {
            for (int feature = 0; feature < PairShop.Features.Count; feature++)
                row.Features[feature].ShouldBe(expected[row.Pair][feature], 1e-4, $"{PairShop.Features[feature]} of {row.Pair} at {row.AsOf:yyyy-MM-dd}");
        }
    }

    /// <summary>Steps of 40 visitors and 12 items in January and February 2026, on whole minutes; some lie on midnight, where windows begin and end.</summary>
    private static IReadOnlyList<BruteForcePairs.Step> RandomSteps(int seed, int count)
    {
        var random = new Random(seed);
        var steps = Enumerable.Range(0, count).Select(_ => new BruteForcePairs.Step(
            $"v{random.Next(40)}", $"p{random.Next(12)}", random.Next(10) switch { < 6 => 1, < 8 => 2, _ => 3 },
            new DateTime(2026, 1, 1).AddDays(random.Next(59)).AddMinutes(random.Next(4) == 0 ? 0 : random.Next(1440))));
        return [.. steps, new BruteForcePairs.Step("last", "p0", 1, new DateTime(2026, 3, 1, 12, 0, 0))];
    }

    private static string Values(IReadOnlyList<BruteForcePairs.Step> steps)
    {
        IEnumerable<string> rows = steps.Select(step => string.Create(
            CultureInfo.InvariantCulture, $"('{step.Visitor}', '{step.Item}', '{(step.Depth switch { 1 => "view", 2 => "cart", _ => "purchase" })}', timestamp '{step.Time:yyyy-MM-dd HH:mm:ss}')"));
        return $"select * from (values {string.Join(", ", rows)}) v(customer_id, product_id, event_type, event_time)";
    }

    private static async Task<IReadOnlyList<Row>> RowsAsync(StageBench bench, LakeTableName table, string asOf)
    {
        string keys = table == PairShop.Set ? "split, bought" : "'', 0";
        return await bench.QueryAsync(
            table,
            $"select customer_id, product_id, {asOf}, {keys}, {string.Join(", ", PairShop.Features.Select(feature => $"{feature}::double"))} from t order by {asOf}, customer_id, product_id",
            row => new Row(
                (row.Get<string>(0), row.Get<string>(1)), row.Get<DateTime>(2), row.Get<string>(3), row.Get<int>(4), [.. PairShop.Features.Select((_, i) => row.Get<double>(5 + i))]));
    }

    private sealed record Row((string Visitor, string Item) Pair, DateTime AsOf, string Split, int Bought, double[] Features);
}
