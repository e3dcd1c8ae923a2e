using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Features.Definitions;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Sources;
using EcomWorkflows.Pipeline.Tests.Features;
using EcomWorkflows.Pipeline.Training;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Training;

/// <summary>Events end on 2026-02-21: label end 02-21, test cutoff 02-11, training cutoff 01-31 (outcome 10 days, embargo 1).</summary>
public sealed class TrainingSetTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly (string, string, string, string, string?, double, double)[] Events =
    [
        ("ann", "2026-01-10 10:00:00", "purchase", "p1", "o1", 2, 5),     // known at both cutoffs
        ("ann", "2026-02-09 23:59:59", "purchase", "p1", "o2", 1, 5),     // last second of the training outcome window
        ("bob", "2026-01-20 10:00:00", "purchase", "p1", "o3", 1, 7),     // never again
        ("bob", "2026-02-12 10:00:00", "view", "p1", null, 0, 0),         // no activity in this shop
        ("cid", "2026-01-31 00:00:00", "purchase", "p2", "o4", 1, 3),     // exactly at the training cutoff: not before it
        ("cid", "2026-02-11 00:00:00", "purchase", "p2", "o5", 1, 3),     // exactly at the test cutoff: in its outcome window
        ("dan", "2026-02-10 12:00:00", "purchase", "p2", "o6", 1, 3),     // in the embargo: in no training label
        ("eva", "2026-01-05 12:00:00", "purchase", "p2", "o7", 1, 3),
        ("eva", "2026-02-10 12:00:00", "purchase", "p2", "o8", 1, 3),     // embargo again: eva counts as churned in training
        ("end", "2026-02-21 09:00:00", "purchase", "p2", "o9", 1, 3),     // after the label end: seen by nobody
    ];

    [Fact]
    public async Task Labels_and_features_respect_every_edge_of_the_windows()
    {
        await using var bench = await StageBench.CreateAsync(postgres, TinyShop.Mapping());
        await TinyShop.PublishSilverAsync(bench, 1, Events);
        await TinyShop.BuildAsync(bench);

        BuildTrainingSetOutputs outputs = await BuildAsync(bench);

        (await RowsAsync(bench)).ShouldBe(
        [
            "train 2026-01-31 ann churned=0 frequency=1",
            "train 2026-01-31 bob churned=1 frequency=1",
            "train 2026-01-31 eva churned=1 frequency=1",
            "test 2026-02-11 ann churned=1 frequency=2",
            "test 2026-02-11 bob churned=1 frequency=1",
            "test 2026-02-11 cid churned=0 frequency=1",
            "test 2026-02-11 dan churned=1 frequency=1",
            "test 2026-02-11 eva churned=1 frequency=2",
        ]);
        (outputs.TrainRows, outputs.TrainChurned, outputs.TestRows, outputs.TestChurned).ShouldBe((3, 2, 5, 4));
    }

    [Theory]
    [InlineData("event_timestamp, customer_id", true)]
    [InlineData("customer_id, event_timestamp", true)]
    [InlineData("event_timestamp, hash(c)", false)]
    public void Rows_in_order_are_labelled_as_SQL_labels_them_into_the_same_file(string order, bool isOrdered)
    {
        var folder = Directory.CreateTempSubdirectory("training-set-");
        try
        {
            using var duck = DuckDbConnection.Open(new DuckDbOptions { Threads = 2, PreserveInsertionOrder = true });
            var windows = ChurnWindows.From(new DateTimeOffset(2026, 2, 21, 9, 0, 0, TimeSpan.Zero), new ChurnSettings(10, 1) { TrainCutoffs = 2, CutoffStepDays = 7, GapDays = 1 });
            duck.Execute(
                """
                create table events as
                select if(hash(i) % 50 = 0, null, 'customer with a long id ' || hash(i, 1) % 9000) as customer_id, timestamp '2026-01-01' + interval 1 minute * (hash(i, 2) % 75000)::integer as event_time, hash(i, 3) % 3 = 0 as is_activity
                from range(30000) t(i)
                """);
            var times = string.Join(", ", windows.TrainCutoffs.Append(windows.TestCutoff).Select(c => $"timestamp '{c:yyyy-MM-dd HH:mm:ss}'"));
            var known = $"(select 'customer with a long id ' || c as customer_id, t as event_timestamp, t as feature_as_of, if(c % 3 = 0, null, c / 7.0::double) as share, c as number, 'n' || c as note from range(9000) r(c), (select unnest([{times}]) as t) order by {order})";
            string[] features = ["share", "number", "note"];
            var (sorted, ordered) = (Path.Combine(folder.FullName, "sorted.parquet"), Path.Combine(folder.FullName, "ordered.parquet"));
            foreach (var cutoff in windows.TrainCutoffs.Append(windows.TestCutoff))
            {
                duck.Execute($"copy ({TrainingSetSql.Select(windows, cutoff, "events", known, features)}) to '{sorted}' {ParquetFormat.Options}");
                duck.Execute($"create or replace table layout as {TrainingSetSql.Unlabelled(windows, cutoff, known, features)} limit 0");

                var written = new OrderedTrainingSet(duck, "layout", windows, cutoff, "events", known, features, CancellationToken.None).TryWrite(ordered);

                (long, long)? counts = duck.QueryRows($"select count(*), count(*) filter (churned = 1) from read_parquet('{sorted}')", row => (row.Get<long>(0), row.Get<long>(1)))[0];
                written.ShouldBe(isOrdered ? counts : null);
                File.ReadAllBytes(ordered).AsSpan().SequenceEqual(File.ReadAllBytes(sorted)).ShouldBe(isOrdered);
                duck.Scalar<long>($"select count(distinct (split, cutoff, churned)) from read_parquet('{ordered}')").ShouldBe(2);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Values_of_other_moments_are_joined_as_they_were_known_at_the_cutoff()
    {
        await using var bench = await StageBench.CreateAsync(postgres, TinyShop.Mapping());
        await TinyShop.PublishSilverAsync(bench, 1, Events);
        await TinyShop.BuildAsync(bench);
        var others = CustomerActivityFeatures.All.Where(f => f.Name != "frequency").Select(f => $", null::double as {f.Name}");
        await bench.PublishTableAsync(
            new LakeTableName("features", TinyShop.Source, "customer_activity"),
            $"""
            select customer_id, event_timestamp, event_timestamp as created_timestamp, frequency::double as frequency{string.Concat(others)}
            from (values
              ('ann', timestamp '2026-01-15', 1), ('ann', timestamp '2026-01-30', 2), ('ann', timestamp '2026-02-01', 3), ('ann', timestamp '2026-03-01', 99),
              ('bob', timestamp '2026-01-31', 4), ('cid', timestamp '2026-02-05', 5), ('dan', timestamp '2026-02-12', 99), ('eva', timestamp '2026-01-06', 6)
            ) v(customer_id, event_timestamp, frequency)
            """);

        await BuildAsync(bench);

        (await RowsAsync(bench)).ShouldBe(
        [
            "train 2026-01-31 ann churned=0 frequency=2",
            "train 2026-01-31 bob churned=1 frequency=4",
            "train 2026-01-31 eva churned=1 frequency=6",
            "test 2026-02-11 ann churned=1 frequency=3",
            "test 2026-02-11 bob churned=1 frequency=4",
            "test 2026-02-11 cid churned=0 frequency=5",
            "test 2026-02-11 eva churned=1 frequency=6",
        ]);
    }

    [Fact]
    public async Task Rows_at_exact_cutoffs_are_those_of_the_point_in_time_join()
    {
        await using var bench = await StageBench.CreateAsync(postgres, Mapping("\"trainCutoffs\": 2, \"cutoffStepDays\": 14"));
        await GeneratedShop.PublishAsync(bench);
        // Computed again: what was known before is superseded, and must not come back.
        await TinyShop.BuildAsync(bench, run: 2);
        var context = bench.Context(3);
        var events = (await bench.Get<LakeStore>().CurrentAsync(new LakeTableName("silver", TinyShop.Source, "events"), CancellationToken.None))!;
        var scan = bench.Get<LakeStore>().Scan(events);
        var features = await bench.Get<HistoricalFeatures>().OpenAsync(HistoricalQuery.OfService("tiny_churn"), context, CancellationToken.None);
        using var duck = DuckDbConnection.Open(new DuckDbOptions());
        var windows = SourceWindows.Read(duck, bench.Get<SourceCatalog>().Get(TinyShop.Source), scan, CancellationToken.None);
        IReadOnlyList<DateTimeOffset> cutoffs = [.. windows.TrainCutoffs, windows.TestCutoff, windows.ScoreAsOf];

        var exact = features.AtExactly(duck, cutoffs, CancellationToken.None).ShouldNotBeNull();
        duck.Execute(TrainingSetSql.Pairs(cutoffs, scan));
        var joined = features.AsOf(duck, context.Time.GetUtcNow(), CancellationToken.None);

        windows.TrainCutoffs.Count.ShouldBe(2);
        Rows(exact).Count.ShouldBeGreaterThan(3 * GeneratedShop.Customers);
        Rows(joined).ShouldBe(Rows(exact));
        features.AtExactly(duck, [windows.TestCutoff.AddDays(-1)], CancellationToken.None).ShouldBeNull();

        IReadOnlyList<string> Rows(string table) => duck.QueryRows(
            $"select * from {table} order by customer_id, event_timestamp", row => string.Join('|', Enumerable.Range(0, row.FieldCount).Select(row.GetValue)));
    }

    [Fact]
    public async Task A_service_with_features_of_two_views_is_joined_point_in_time()
    {
        await using var bench = await StageBench.CreateAsync(postgres, TinyShop.Mapping());
        await TinyShop.PublishSilverAsync(bench, 1, Events);
        await When_features_are_defined_in_files.WriteAsync(
            bench,
            $$"""
            {
              "views": [ {{TinyShop.ViewDefinition()}}, { "name": "letters", "description": "d", "entities": ["customer"], "source": { "table": "silver.tiny.letters", "created": "created" },
                "features": [ { "name": "letters", "type": "int64", "description": "d" } ] } ],
              "services": [ { "name": "tiny_churn", "description": "d", "features": ["tiny_customer_activity:frequency", "letters:letters"] } ]
            }
            """);
        await bench.PublishTableAsync(
            new LakeTableName("silver", TinyShop.Source, "letters"),
            """
            select *
            from (values ('ann', timestamp '2026-01-20', timestamp '2026-01-20', 1), ('ann', timestamp '2026-02-05', timestamp '2026-02-05', 2), ('zoe', timestamp '2026-01-20', timestamp '2026-01-20', 9))
              v(customer_id, event_timestamp, created, letters)
            """);
        await bench.RunAsync<MaterializeFeaturesTask, MaterializeFeaturesInputs, MaterializeFeaturesOutputs>(new MaterializeFeaturesInputs { View = "letters" });
        await TinyShop.BuildAsync(bench);
        await bench.Get<FeatureApplication>().ApplyAsync(CancellationToken.None);

        await BuildAsync(bench);

        (await bench.QueryAsync(
            BuildTrainingSetTask.TableOf(TinyShop.Source), "select split, customer_id, frequency, letters from t order by cutoff, customer_id",
            row => $"{row.Get<string>(0)} {row.Get<string>(1)} {row.Get<double>(2)} {row.Get<long?>(3)}")).ShouldBe(
            ["train ann 1 1", "train bob 1 ", "train eva 1 ", "test ann 2 2", "test bob 1 ", "test cid 1 ", "test dan 1 ", "test eva 2 "]);
    }

    [Fact]
    public async Task Building_again_gives_the_same_bytes()
    {
        await using var bench = await StageBench.CreateAsync(postgres, TinyShop.Mapping());
        await TinyShop.PublishSilverAsync(bench, 1, Events);
        await TinyShop.BuildAsync(bench);

        await BuildAsync(bench);
        string first = await HashAsync(bench);
        await BuildAsync(bench);

        (await HashAsync(bench)).ShouldBe(first);
    }

    [Fact]
    public async Task A_source_where_everyone_churned_is_refused_with_what_to_change()
    {
        await using var bench = await StageBench.CreateAsync(postgres, TinyShop.Mapping());
        await TinyShop.PublishSilverAsync(
            bench, 1, ("ann", "2026-01-10 10:00:00", "purchase", "p1", "o1", 2, 5), ("bob", "2026-02-21 10:00:00", "view", "p1", null, 0, 0));
        await TinyShop.BuildAsync(bench);

        TaskFailedException failure = await Should.ThrowAsync<TaskFailedException>(() => BuildAsync(bench));
        failure.Message.ShouldContain("Of 1 customers active before the training cutoff 2026-01-31, 1 churned");
        failure.Cause.ShouldBe(FailureCause.BadData);
        failure.Retryable.ShouldBeFalse();
    }

    [Fact]
    public async Task Without_features_the_task_says_what_to_run()
    {
        await using var bench = await StageBench.CreateAsync(postgres, TinyShop.Mapping());
        await TinyShop.PublishSilverAsync(bench, 1, Events);

        (await Should.ThrowAsync<TaskFailedException>(() => BuildAsync(bench))).Message.ShouldContain("There is no feature service 'tiny_churn'");
    }

    [Fact]
    public async Task Several_cutoffs_a_gap_and_an_observation_window_are_respected()
    {
        // Gap 1: test cutoff 02-10, training cutoffs 01-29 and 01-24; outcome windows [01-25, 02-04), [01-30, 02-09) and [02-11, 02-21).
        await using var bench = await StageBench.CreateAsync(postgres, Mapping("\"gapDays\": 1, \"observationDays\": 16, \"trainCutoffs\": 2, \"cutoffStepDays\": 5"));
        await TinyShop.PublishSilverAsync(bench, 1, [.. Events, ("bob", "2026-02-01 10:00:00", "purchase", "p1", "o10", 1, 7)]);
        await TinyShop.BuildAsync(bench);

        BuildTrainingSetOutputs outputs = await BuildAsync(bench);

        (await RowsAsync(bench)).ShouldBe(
        [
            "train 2026-01-24 ann churned=1 frequency=1",     // eva's last order is more than 16 days old
            "train 2026-01-24 bob churned=0 frequency=1",
            "train 2026-01-29 bob churned=0 frequency=1",     // ann's too, by now
            "test 2026-02-10 ann churned=1 frequency=2",
            "test 2026-02-10 bob churned=1 frequency=2",
            "test 2026-02-10 cid churned=0 frequency=1",
        ]);
        (outputs.TrainRows, outputs.TrainChurned, outputs.TestRows, outputs.TestChurned).ShouldBe((3, 1, 3, 2));
        (await bench.QueryAsync(BuildTrainingSetTask.TableOf(TinyShop.Source), "select count(*) from t where feature_as_of <> cutoff", row => row.Get<long>(0))).ShouldBe([0L]);
    }

    [Fact]
    public async Task A_cutoff_without_history_before_it_is_left_out()
    {
        await using var bench = await StageBench.CreateAsync(postgres, Mapping("\"trainCutoffs\": 3, \"cutoffStepDays\": 14"));
        await TinyShop.PublishSilverAsync(bench, 1, Events);
        await TinyShop.BuildAsync(bench);

        await BuildAsync(bench);

        // Events begin on 01-05: 01-17 and 01-03 have less than 14 days before them.
        (await RowsAsync(bench)).Select(row => row[..16]).Distinct().ShouldBe(["train 2026-01-31", "test 2026-02-11 "]);
    }

    [Theory]
    [InlineData("\"gapDays\": -1", "churn.gapDays is -1 (allowed: 0 or more)")]
    [InlineData("\"trainCutoffs\": 0", "churn.trainCutoffs is 0 (allowed: 1 to 24)")]
    [InlineData("\"observationDays\": 0", "churn.observationDays is 0 (allowed: 1 or more, or null for all history)")]
    [InlineData("\"cutoffStepDays\": 0", "churn.cutoffStepDays is 0 (allowed: 1 or more)")]
    public async Task A_window_out_of_range_is_named_with_file_and_field(string setting, string problem)
    {
        await using var bench = await StageBench.CreateAsync(postgres, Mapping(setting));
        await TinyShop.PublishSilverAsync(bench, 1, Events);

        (await Should.ThrowAsync<TaskFailedException>(() => TinyShop.BuildAsync(bench))).Message.ShouldContain(problem);
    }

    private static Dictionary<string, string> Mapping(string settings) => new()
    {
        [TinyShop.Source] = TinyShop.Mapping()[TinyShop.Source].Replace("\"embargoDays\": 1", $"\"embargoDays\": 1, {settings}", StringComparison.Ordinal),
    };

    private static Task<BuildTrainingSetOutputs> BuildAsync(StageBench bench) =>
        bench.RunAsync<BuildTrainingSetTask, BuildTrainingSetInputs, BuildTrainingSetOutputs>(new BuildTrainingSetInputs { Source = TinyShop.Source });

    private static Task<IReadOnlyList<string>> RowsAsync(StageBench bench) => bench.QueryAsync(
        BuildTrainingSetTask.TableOf(TinyShop.Source),
        "select split, strftime(cutoff, '%Y-%m-%d'), customer_id, churned, frequency from t order by cutoff, customer_id",
        row => $"{row.Get<string>(0)} {row.Get<string>(1)} {row.Get<string>(2)} churned={row.Get<int>(3)} frequency={row.Get<double>(4)}");

    private static async Task<string> HashAsync(StageBench bench) =>
        string.Join(" ", (await bench.Get<LakeStore>().CurrentAsync(BuildTrainingSetTask.TableOf(TinyShop.Source), CancellationToken.None))!.Files.Select(file => file.Sha256));
}
