using System.Text.Json;
using Dapper;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Features;

public class FeatureStoreTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string View = "tiny_customer_activity";

    private static readonly (string, string, string, string, string?, double, double)[] Events =
    [
        ("ann", "2026-01-10 10:00:00", "purchase", "p1", "o1", 2, 5),
        ("bob", "2026-02-01 10:00:00", "purchase", "p1", "o2", 1, 7),
        ("17850", "2026-02-20 12:00:00", "purchase", "p2", "o3", 1, 1),
    ];

    [Fact]
    public async Task The_answer_has_the_exact_form_of_a_Feast_feature_server()
    {
        await using var bench = await BuiltAsync();

        var json = await AskAsync(bench, """{"features": ["tiny_customer_activity:frequency", "tiny_customer_activity@v1:monetary"], "entities": {"customer_id": ["ann", 17850, "nobody"]}}""");

        json.ShouldBe(
            """
            {"metadata":{"feature_names":["customer_id","frequency","monetary"]},"results":[
            {"values":["ann",17850,"nobody"],"statuses":["PRESENT","PRESENT","PRESENT"],"event_timestamps":["1970-01-01T00:00:00Z","1970-01-01T00:00:00Z","1970-01-01T00:00:00Z"]},
            {"values":[1,1,null],"statuses":["PRESENT","PRESENT","NOT_FOUND"],"event_timestamps":["2026-02-21T00:00:00Z","2026-02-21T00:00:00Z","1970-01-01T00:00:00Z"]},
            {"values":[10,1,null],"statuses":["PRESENT","PRESENT","NOT_FOUND"],"event_timestamps":["2026-02-21T00:00:00Z","2026-02-21T00:00:00Z","1970-01-01T00:00:00Z"]}]}
            """.ReplaceLineEndings(""));
    }

    [Fact]
    public async Task Full_names_versions_and_a_null_value_are_served()
    {
        await using var bench = await BuiltAsync();

        var json = await AskAsync(
            bench, """{"features": ["tiny_customer_activity:home_country"], "entities": {"customer_id": ["17850"]}, "full_feature_names": true, "include_feature_view_version_metadata": true}""");

        json.ShouldContain("""{"feature_names":["customer_id","tiny_customer_activity__home_country"],"feature_view_metadata":[{"name":"tiny_customer_activity","version":1}]}""");
        json.ShouldContain("""{"values":[null],"statuses":["NULL_VALUE"],"event_timestamps":["2026-02-21T00:00:00Z"]}""");
    }

    [Fact]
    public async Task Values_stored_as_arrays_by_an_older_program_are_packed_by_the_migration()
    {
        await using var bench = await BuiltAsync();
        var database = bench.Get<NpgsqlDataSource>();
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            create table features.online_900_v1 (entity_key text primary key, event_timestamp timestamptz not null, "values" double precision[] not null);
            insert into features.online_900_v1 values ('ann', now(), '{1.5, null, -3}')
            """);

        using var script = new StreamReader(typeof(FeatureRegistry).Assembly.GetManifestResourceStream("EcomWorkflows.Pipeline.Features.Migrations.0002_packed_online_values.sql")!);
        await connection.ExecuteAsync(await script.ReadToEndAsync());

        var packed = await connection.QuerySingleAsync<byte[]>("""select "values" from features.online_900_v1""");
        Enumerable.Range(0, 3).Select(position => OnlineValues.Read(packed, position)).ShouldBe([1.5, null, -3]);
        Should.Throw<InvalidDataException>(() => OnlineValues.Read(packed, 3)).Message.ShouldContain("materialise the view again");
    }

    [Fact]
    public async Task A_value_older_than_the_views_TTL_is_not_served()
    {
        await using var bench = await BuiltAsync(ttlDays: "7");
        const string Request = """{"features": ["tiny_customer_activity:frequency"], "entities": {"customer_id": ["ann"]}}""";

        bench.Time.Now = new DateTimeOffset(2026, 2, 28, 0, 0, 0, TimeSpan.Zero);
        (await AskAsync(bench, Request)).ShouldContain("""{"values":[1],"statuses":["PRESENT"],""");
        bench.Time.Now = bench.Time.Now.AddSeconds(1);
        (await AskAsync(bench, Request)).ShouldContain("""{"values":[null],"statuses":["OUTSIDE_MAX_AGE"],"event_timestamps":["2026-02-21T00:00:00Z"]}""");
    }

    [Fact]
    public async Task A_customer_who_is_gone_from_the_newest_day_keeps_the_row_of_before_and_that_grows_old()
    {
        await using var bench = await BuiltAsync(ttlDays: "7");
        await TinyShop.PublishSilverAsync(bench, 2, [.. Events.Where(e => e.Item1 != "bob"), ("ann", "2026-03-10 08:00:00", "purchase", "p1", "o9", 1, 5)]);
        await TinyShop.BuildAsync(bench, run: 2);
        const string Request = """{"features": ["tiny_customer_activity:frequency"], "entities": {"customer_id": ["bob", "ann", "nobody"]}}""";

        bench.Time.Now = new DateTimeOffset(2026, 2, 28, 0, 0, 0, TimeSpan.Zero);
        (await AskAsync(bench, Request)).ShouldContain("""{"values":[1,2,null],"statuses":["PRESENT","PRESENT","NOT_FOUND"],"event_timestamps":["2026-02-21T00:00:00Z","2026-03-11T00:00:00Z",""");
        bench.Time.Now = new DateTimeOffset(2026, 3, 12, 0, 0, 0, TimeSpan.Zero);
        (await AskAsync(bench, Request)).ShouldContain("""{"values":[null,2,null],"statuses":["OUTSIDE_MAX_AGE","PRESENT","NOT_FOUND"],"event_timestamps":["2026-02-21T00:00:00Z","2026-03-11T00:00:00Z",""");
    }

    [Fact]
    public async Task A_customer_who_is_gone_when_a_day_is_computed_again_is_not_found()
    {
        await using var bench = await BuiltAsync();
        await TinyShop.PublishSilverAsync(bench, 2, [.. Events.Where(e => e.Item1 != "bob")]);

        await TinyShop.BuildAsync(bench, run: 2);

        (await AskAsync(bench, """{"features": ["tiny_customer_activity:frequency"], "entities": {"customer_id": ["bob", "ann"]}}""")).ShouldContain("\"statuses\":[\"NOT_FOUND\",\"PRESENT\"]");
    }

    [Theory]
    [InlineData("""{"features": ["nope:frequency"], "entities": {"customer_id": ["ann"]}}""", true, "There is no feature view 'nope'. Registered views: tiny_customer_activity.")]
    [InlineData("""{"features": ["tiny_customer_activity:nope"], "entities": {"customer_id": ["ann"]}}""", true, "has no feature 'nope'. It has: recency, tenure")]
    [InlineData("""{"features": ["tiny_customer_activity@v9:frequency"], "entities": {"customer_id": ["ann"]}}""", true, "There is no version 9 of feature view 'tiny_customer_activity'. It has: 1.")]
    [InlineData("""{"feature_service": "nope", "entities": {"customer_id": ["ann"]}}""", true, "Registered services: tiny_churn.")]
    [InlineData("""{"features": ["frequency"], "entities": {"customer_id": ["ann"]}}""", false, "write view:feature or view@v2:feature")]
    [InlineData("""{"features": ["tiny_customer_activity:frequency"], "entities": {"user": ["ann"]}}""", false, "entities must hold 'customer_id'")]
    [InlineData("""{"features": ["tiny_customer_activity:frequency"], "entities": {"customer_id": [1.5]}}""", false, "entities.customer_id[0] is 1.5")]
    [InlineData("""{"entities": {"customer_id": ["ann"]}}""", false, "Give features")]
    public async Task A_request_that_cannot_be_answered_says_why(string request, bool notFound, string message)
    {
        await using var bench = await BuiltAsync();

        var failure = await Should.ThrowAsync<FeatureRequestException>(() => AskAsync(bench, request));

        failure.NotFound.ShouldBe(notFound);
        failure.Message.ShouldContain(message);
    }

    [Fact]
    public async Task Online_values_equal_the_history_at_the_score_time()
    {
        await using var bench = await BuiltAsync();

        var answer = await bench.Get<OnlineFeatures>().GetAsync(Parse("""{"feature_service": "tiny_churn", "entities": {"customer_id": ["ann", "bob", "17850"]}}"""), CancellationToken.None);

        foreach (var column in answer.Columns)
        {
            var offline = await bench.QueryAsync(
                new LakeTableName("features", "tiny", "customer_activity"),
                $"select {column.Name} from t where event_timestamp = timestamp '2026-02-21' order by case customer_id when 'ann' then 1 when 'bob' then 2 else 3 end",
                row => row.Get<double?>(0));
            column.Values.Cast<double?>().ShouldBe(offline, column.Name);
        }
    }

    [Fact]
    public async Task A_rerun_replaces_and_the_next_day_adds_to_the_history()
    {
        await using var bench = await BuiltAsync();
        await TinyShop.BuildAsync(bench);
        (await AsOfTimesAsync(bench)).ShouldBe(["2026-01-30", "2026-02-10", "2026-02-21"]);

        await TinyShop.PublishSilverAsync(bench, 2, [.. Events, ("ann", "2026-02-21 08:00:00", "purchase", "p1", "o9", 1, 5)]);
        var next = await TinyShop.BuildAsync(bench, run: 2);

        next.Version.ShouldBe(1);
        (await AsOfTimesAsync(bench)).ShouldBe(["2026-01-30", "2026-01-31", "2026-02-10", "2026-02-11", "2026-02-21", "2026-02-22"]);
        (await AskAsync(bench, """{"features": ["tiny_customer_activity:frequency"], "entities": {"customer_id": ["ann"]}}""")).ShouldContain("\"values\":[2]");
        await using var connection = await bench.Get<NpgsqlDataSource>().OpenConnectionAsync();
        (await connection.ExecuteScalarAsync<long>("select count(*) from features.materialization")).ShouldBe(6);
        (await connection.ExecuteScalarAsync<long>("select count(*) from features.feature_statistics")).ShouldBe(6 * 36);
        (await connection.ExecuteScalarAsync<long>("select count(*) from pg_tables where schemaname = 'features' and tablename like 'online%'")).ShouldBe(1);
    }

    [Fact]
    public async Task Other_features_make_a_new_version_and_the_old_one_stays_readable()
    {
        await using var bench = await BuiltAsync();
        await File.WriteAllTextAsync(Path.Combine(bench.Options.WorkflowsFolder, "sources", "tiny.json"), TinyShop.Mapping("\"orders\"")["tiny"]);

        (await TinyShop.BuildAsync(bench, run: 2)).Version.ShouldBe(2);

        (await AskAsync(bench, """{"features": ["tiny_customer_activity@v2:frequency"], "entities": {"customer_id": ["ann"]}}""")).ShouldContain("\"values\":[1]");
        (await AskAsync(bench, """{"features": ["tiny_customer_activity@v1:monetary"], "entities": {"customer_id": ["ann"]}}""")).ShouldContain("\"values\":[10]");
        await File.WriteAllTextAsync(Path.Combine(bench.Options.WorkflowsFolder, "sources", "tiny.json"), TinyShop.Mapping()["tiny"]);
        (await TinyShop.BuildAsync(bench, run: 3)).Version.ShouldBe(1, "the first logic again is the first version again");
    }

    [Fact]
    public async Task A_fenced_attempt_changes_neither_registry_nor_online_values()
    {
        await using var bench = await BuiltAsync();
        await TinyShop.PublishSilverAsync(bench, 2, [.. Events, ("ann", "2026-02-20 13:00:00", "purchase", "p1", "o9", 1, 5)]);

        bench.Fate = PublishFate.CrashBeforeCommit;
        await Should.ThrowAsync<OperationCanceledException>(() => TinyShop.BuildAsync(bench, run: 2));
        bench.Fate = PublishFate.Fenced;
        await Should.ThrowAsync<AttemptFencedException>(() => TinyShop.BuildAsync(bench, run: 2));

        (await AskAsync(bench, """{"features": ["tiny_customer_activity:frequency"], "entities": {"customer_id": ["ann"]}}""")).ShouldContain("\"values\":[1]");
    }

    [Fact]
    public async Task The_registry_knows_owner_tags_features_and_descriptions()
    {
        await using var bench = await BuiltAsync();

        var view = await bench.Get<FeatureRegistry>().FindViewAsync(View, CancellationToken.None);

        view.ShouldNotBeNull();
        view.Owner.ShouldBe("ana");
        view.Tags["team"].ShouldBe("crm");
        view.Features.ShouldBe(CustomerActivityFeatures.All);
        view.Features.ShouldAllBe(f => f.Description.Length > 10);
    }

    private async Task<StageBench> BuiltAsync(string ttlDays = "null")
    {
        var bench = await StageBench.CreateAsync(postgres, TinyShop.Mapping(ttlDays: ttlDays));
        await TinyShop.PublishSilverAsync(bench, 1, Events);
        await TinyShop.BuildAsync(bench);
        return bench;
    }

    private static OnlineFeaturesRequest Parse(string json) => JsonSerializer.Deserialize<OnlineFeaturesRequest>(json)!;

    private static async Task<string> AskAsync(StageBench bench, string request)
    {
        var features = bench.Get<OnlineFeatures>();
        var asked = features.Rent();
        asked.Body.Write(request);
        try
        {
            return System.Text.Encoding.UTF8.GetString((await features.AnswerAsync(asked, CancellationToken.None)).Span);
        }
        finally
        {
            features.Return(asked);
        }
    }

    private static Task<IReadOnlyList<string>> AsOfTimesAsync(StageBench bench) =>
        bench.QueryAsync(
            new LakeTableName("features", "tiny", "customer_activity"),
            "select distinct strftime(event_timestamp, '%Y-%m-%d') as day from t order by day", row => row.Get<string>(0));
}
