using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Dapper;
using EcomWorkflows.Orchestration.Outages;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Features.Definitions;
using EcomWorkflows.Pipeline.Features.Online;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Features;

public class When_features_are_served(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Definition =
        """
        {
          "entities": [ { "name": "product", "joinKey": "product_id", "description": "d" } ],
          "views": [
            { "name": "basket", "description": "d", "entities": ["customer"], "ttl": "1h", "source": { "push": true }, "pushSource": "basket_events",
              "features": [
                { "name": "lines", "type": "int64", "description": "d" }, { "name": "value", "type": "double", "description": "d" }, { "name": "note", "type": "string", "description": "d" },
                { "name": "gift", "type": "bool", "description": "d" }, { "name": "opened", "type": "timestamp", "description": "d" } ] },
            { "name": "affinity", "description": "d", "entities": ["customer", "product"], "source": { "table": "silver.tiny.affinity" },
              "features": [ { "name": "score", "type": "double", "description": "d" } ] }
          ],
          "onDemandViews": [
            { "name": "offer", "description": "d", "inputs": ["basket:value", "basket:gift"], "request": [{ "name": "price", "description": "d" }],
              "features": [ { "name": "share", "expression": "price / value", "description": "d" }, { "name": "wrap", "type": "bool", "expression": "gift and price > 1", "description": "d" } ] }
          ]
        }
        """;

    private const string Basket = """{"features": ["basket:lines", "basket:value", "basket:note", "basket:gift", "basket:opened"], "entities": {"customer_id": ["ann"]}}""";

    [Fact]
    public async Task Pushed_values_of_all_types_are_served_at_once()
    {
        await using var bench = await BenchAsync();

        await PushAsync(bench, "2026-03-01T05:30:00Z", """["a \"note\" é"]""");

        (await AskAsync(bench, Basket)).ShouldBe(
            """
            {"metadata":{"feature_names":["customer_id","lines","value","note","gift","opened"]},"results":[
            {"values":["ann"],"statuses":["PRESENT"],"event_timestamps":["1970-01-01T00:00:00Z"]},
            {"values":[3],"statuses":["PRESENT"],"event_timestamps":["2026-03-01T05:30:00Z"]},
            {"values":[12.5],"statuses":["PRESENT"],"event_timestamps":["2026-03-01T05:30:00Z"]},
            {"values":["a \"note\" é"],"statuses":["PRESENT"],"event_timestamps":["2026-03-01T05:30:00Z"]},
            {"values":[true],"statuses":["PRESENT"],"event_timestamps":["2026-03-01T05:30:00Z"]},
            {"values":["2026-03-01T05:00:00.25Z"],"statuses":["PRESENT"],"event_timestamps":["2026-03-01T05:30:00Z"]}]}
            """.ReplaceLineEndings(""));
    }

    [Fact]
    public async Task An_older_row_never_takes_the_place_of_a_newer_one_and_an_expired_one_is_never_present()
    {
        await using var bench = await BenchAsync();
        await PushAsync(bench, "2026-03-01T05:30:00Z", "[\"new\"]");
        await PushAsync(bench, "2026-03-01T05:29:00Z", "[\"old\"]");

        (await AskAsync(bench, Basket)).ShouldContain("{\"values\":[\"new\"],\"statuses\":[\"PRESENT\"]");
        await PushAsync(bench, "2026-03-01T05:30:00Z", "[null]");
        (await AskAsync(bench, Basket)).ShouldContain("{\"values\":[null],\"statuses\":[\"NULL_VALUE\"],\"event_timestamps\":[\"2026-03-01T05:30:00Z\"]");
        bench.Time.Now = bench.Time.Now.AddMinutes(31);
        (await AskAsync(bench, Basket)).ShouldContain("{\"values\":[null],\"statuses\":[\"OUTSIDE_MAX_AGE\"],\"event_timestamps\":[\"2026-03-01T05:30:00Z\"]");
    }

    [Fact]
    public async Task Features_are_computed_from_stored_and_request_values()
    {
        await using var bench = await BenchAsync();
        await PushAsync(bench, "2026-03-01T05:30:00Z", "[null]");

        (await AskAsync(bench, """{"features": ["offer:share", "offer:wrap", "basket:lines"], "entities": {"customer_id": ["ann", "bob"], "price": [5, 1]}}""")).ShouldBe(
            """
            {"metadata":{"feature_names":["customer_id","share","wrap","lines"]},"results":[
            {"values":["ann","bob"],"statuses":["PRESENT","PRESENT"],"event_timestamps":["1970-01-01T00:00:00Z","1970-01-01T00:00:00Z"]},
            {"values":[0.4,null],"statuses":["PRESENT","NOT_FOUND"],"event_timestamps":["1970-01-01T00:00:00Z","1970-01-01T00:00:00Z"]},
            {"values":[true,false],"statuses":["PRESENT","PRESENT"],"event_timestamps":["1970-01-01T00:00:00Z","1970-01-01T00:00:00Z"]},
            {"values":[3,null],"statuses":["PRESENT","NOT_FOUND"],"event_timestamps":["2026-03-01T05:30:00Z","1970-01-01T00:00:00Z"]}]}
            """.ReplaceLineEndings(""));
        (await Should.ThrowAsync<FeatureRequestException>(() => AskAsync(bench, """{"features": ["offer:share"], "entities": {"customer_id": ["ann"]}}"""))).Message.ShouldContain("entities must hold 'price', a value per row to compute with");
        (await Should.ThrowAsync<FeatureRequestException>(() => AskAsync(bench, """{"features": ["offer:share"], "entities": {"customer_id": ["ann"], "price": ["much"]}}"""))).Message.ShouldContain("entities.price[0] is \"much\"");
        (await Should.ThrowAsync<FeatureRequestException>(() => AskAsync(bench, """{"features": ["offer:share"], "entities": {"customer_id": ["ann"], "price": [1], "customer_id": ["bob"]}}"""))).Message.ShouldContain("entities.customer_id is given twice");
    }

    [Fact]
    public async Task Rows_about_two_entities_are_found_by_both()
    {
        await using var bench = await BenchAsync();
        await MaterializeAffinityAsync(bench, 1, "('ann', 'p1', timestamp '2026-02-01', 0.5), ('ann', 'p2', timestamp '2026-02-01', 0.75)");

        var json = await AskAsync(bench, """{"features": ["affinity:score", "basket:lines"], "entities": {"product_id": ["p2", "p3"], "customer_id": ["ann", "ann"]}}""");

        json.ShouldContain("{\"feature_names\":[\"product_id\",\"customer_id\",\"score\",\"lines\"]}");
        json.ShouldContain("{\"values\":[0.75,null],\"statuses\":[\"PRESENT\",\"NOT_FOUND\"]");
    }

    [Theory]
    [InlineData("basket", """{"customer_id": ["ann"]}""", "df lacks event_timestamp, lines, value, note, gift, opened")]
    [InlineData("basket", """{"customer_id": ["ann"], "event_timestamp": null, "lines": [1], "value": [1], "note": ["n"], "gift": [true], "opened": [null]}""", "df.event_timestamp is null; give a list")]
    [InlineData("basket", """{"customer_id": ["ann"], "event_timestamp": ["2026-03-01T05:30:00Z"], "lines": [1], "value": [1e999], "note": ["n"], "gift": [true], "opened": [null]}""", "df.value[0] is 1e999; allowed are values of type double")]
    [InlineData("basket", """{"customer_id": ["an\u001fn"], "event_timestamp": ["2026-03-01T05:30:00Z"], "lines": [1], "value": [1], "note": ["n"], "gift": [true], "opened": [null]}""", "df.customer_id[0] is \"an\\u001fn\"; allowed are texts without the control characters")]
    [InlineData("nope", "{}", "There is no push source or feature view 'nope'. There are: affinity, basket_events, offer")]
    [InlineData("offer", "{}", "'offer' is computed on demand")]
    public async Task A_push_that_does_not_fit_says_why(string source, string rows, string message)
    {
        await using var bench = await BenchAsync();
        var request = new PushRequest { PushSourceName = source, Rows = JsonSerializer.Deserialize<Dictionary<string, IReadOnlyList<JsonElement>>>(rows) };

        (await Should.ThrowAsync<FeatureRequestException>(() => bench.Get<FeaturePushes>().PushAsync(request, CancellationToken.None))).Message.ShouldContain(message);
    }

    [Theory]
    [InlineData("affinity@v2x", "'affinity@v2x' is no view: write view or view@v2.")]
    [InlineData(null, "'' is no view")]
    [InlineData("affinity@v9", "There is no version 9 of feature view 'affinity'. It has: 1.")]
    public async Task A_view_that_cannot_be_brought_online_is_refused(string? view, string message)
    {
        await using var bench = await BenchAsync();
        var request = new MaterializeRequest { Start = DateTimeOffset.UnixEpoch, End = bench.Time.Now, Views = [view!] };

        (await Should.ThrowAsync<FeatureRequestException>(() => bench.Get<OnlineMaterializations>().MaterializeAsync(request, incremental: false, CancellationToken.None)))
            .Message.ShouldContain(message);
    }

    [Fact]
    public async Task Pushed_history_is_found_before_and_after_the_lake_has_it()
    {
        await using var bench = await BenchAsync();
        await PushAsync(bench, "2026-03-01T05:30:00Z", "[\"kept\"]", to: "online_and_offline");
        const string Request = """{"features": ["basket:note"], "known_by": "now", "entities": {"customer_id": ["ann"], "event_timestamp": ["2026-03-01T05:45:00Z"]}}""";
        (await HistoryAsync(bench, Request)).ShouldContain("\"kept\"");

        var run = await bench.RunAsync<MaterializeFeaturesTask, MaterializeFeaturesInputs, MaterializeFeaturesOutputs>(new MaterializeFeaturesInputs { View = "basket" }, bench.Context());

        (run.NewRows, run.PushedRows, run.Consistency).ShouldBe((1, 1, 1.0));
        (await ScalarAsync<long>(bench, "select count(*) from features.pushed_row")).ShouldBe(0);
        (await HistoryAsync(bench, Request)).ShouldContain("\"kept\"");
        (await HistoryAsync(bench, Request.Replace("\"known_by\": \"now\", ", ""))).ShouldContain("null", customMessage: "at its own time nobody knew of it");
    }

    [Fact]
    public async Task Of_two_rows_of_one_entity_and_time_the_last_is_served_and_kept()
    {
        await using var bench = await BenchAsync();
        var push = JsonSerializer.Deserialize<PushRequest>(
            """
            {"push_source_name": "basket_events", "to": "online_and_offline", "df": {"customer_id": ["ann", "bob", "ann"], "event_timestamp": ["2026-03-01T05:30:00Z", "2026-03-01T05:30:00Z", "2026-03-01T06:30:00+01:00"],
              "lines": [1, 2, 3], "value": [1.5, 2.5, 3.5], "note": ["first", "other", "last"], "gift": [true, true, true], "opened": [null, null, null]} }
            """)!;

        var pushed = await bench.Get<FeaturePushes>().PushAsync(push, CancellationToken.None);

        (pushed.Rows, pushed.Online, pushed.Offline).ShouldBe((3, 2, 2));
        (await ScalarAsync<long>(bench, "select count(*) from features.pushed_row")).ShouldBe(2);
        (await HistoryAsync(bench, """{"features": ["basket:note"], "known_by": "now", "entities": {"customer_id": ["ann"], "event_timestamp": ["2026-03-01T05:45:00Z"]}}"""))
            .ShouldContain("\"last\"");
    }

    [Fact]
    public async Task A_late_row_reaches_the_online_store_incrementally_and_a_future_end_blocks_nothing()
    {
        await using var bench = await BenchAsync();
        var materializations = bench.Get<OnlineMaterializations>();
        await MaterializeAffinityAsync(bench, 1, "('ann', 'p1', timestamp '2026-02-10', 0.5), ('eve', 'p1', timestamp '2027-01-01', 9)");
        await ExecuteAsync(bench, $"truncate {await TableAsync(bench, "affinity")}");

        (await IncrementalAsync("2026-06-01T00:00:00Z")).Written.ShouldBe(1, "eve's row is of a time after the end");
        (await IncrementalAsync("2026-06-01T00:00:00Z")).Written.ShouldBe(0);
        bench.Time.Now = bench.Time.Now.AddHours(1);
        await MaterializeAffinityAsync(bench, 2, "('ann', 'p1', timestamp '2026-02-10', 0.5), ('bob', 'p1', timestamp '2026-01-05', 0.25)");
        await ExecuteAsync(bench, $"delete from {await TableAsync(bench, "affinity")} where entity_key like 'bob%'");
        (await IncrementalAsync("2026-06-02T00:00:00Z")).Written.ShouldBe(1, "bob's row is older than all that came online before, but known since");
        (await IncrementalAsync("2027-06-01T00:00:00Z")).Written.ShouldBe(1, "eve's row has been waiting for its time");

        var all = (await materializations.MaterializeAsync(new MaterializeRequest { Start = DateTimeOffset.UnixEpoch, End = bench.Time.Now, Views = ["affinity"] }, incremental: false, CancellationToken.None)).Single();
        (all.Entities, all.Written, all.Consistency).ShouldBe((2, 0, 1.0));
        (await Should.ThrowAsync<FeatureRequestException>(() => materializations.MaterializeAsync(new MaterializeRequest(), incremental: true, CancellationToken.None))).Message.ShouldContain("Give end_ts");

        async Task<MaterializedView> IncrementalAsync(string end) =>
            (await materializations.MaterializeAsync(new MaterializeRequest { End = DateTimeOffset.Parse(end), Views = ["affinity"] }, incremental: true, CancellationToken.None)).Single();
    }

    [Fact]
    public async Task A_correction_replaces_what_is_served_and_stays_apart_in_history()
    {
        await using var bench = await BenchAsync();
        await MaterializeAffinityAsync(bench, 1, "('ann', 'p1', timestamp '2026-02-10', 0.5), (null, 'p1', timestamp '2026-02-10', 0.5)");
        bench.Time.Now = bench.Time.Now.AddHours(1);
        var run = await MaterializeAffinityAsync(bench, 2, "('ann', 'p1', timestamp '2026-02-10', 0.6)");

        (run.NewRows, run.OnlineRows, run.RefusedRows).ShouldBe((1, 1, 0));
        (await AskAsync(bench, """{"features": ["affinity:score"], "entities": {"customer_id": ["ann"], "product_id": ["p1"]}}""")).ShouldContain("[0.6]");
        const string Request = """{"features": ["affinity:score"], "entities": {"customer_id": ["ann", "ann"], "product_id": ["p1", "p1"], "event_timestamp": ["2026-03-01T06:30:00Z", "2026-03-01T07:00:00Z"]}}""";
        (await HistoryAsync(bench, Request)).ShouldContain("0.5],[\"ann\",\"p1\",\"2026-03-01T07:00:00Z\",0.6]");
    }

    [Fact]
    public async Task A_source_that_does_not_give_what_the_view_says_fails_with_the_cure()
    {
        await using var bench = await BenchAsync();
        await bench.PublishTableAsync(new LakeTableName("silver", "tiny", "affinity"), "select 'ann' as customer_id, 'p1' as product_id, 0.5 as score");

        var failure = await Should.ThrowAsync<Orchestration.Tasks.TaskFailedException>(() => bench.RunAsync<MaterializeFeaturesTask, MaterializeFeaturesInputs, MaterializeFeaturesOutputs>(
            new MaterializeFeaturesInputs { View = "affinity" }, bench.Context()));

        failure.Message.ShouldContain("The source of feature view 'affinity' (table silver.tiny.affinity) does not give customer_id VARCHAR, product_id VARCHAR, event_timestamp TIMESTAMP");
        failure.Message.ShouldContain("Change the view in workflows/features");
    }

    [Fact]
    public async Task Values_that_differ_from_the_history_lower_the_score()
    {
        await using var bench = await BenchAsync();
        await MaterializeAffinityAsync(bench, 1, "('ann', 'p1', timestamp '2026-02-10', 0.5), ('bob', 'p1', timestamp '2026-02-10', 0.5)");
        await ExecuteAsync(bench, $"""update {await TableAsync(bench, "affinity")} set "values" = float8send(7) where entity_key like 'ann%'""");

        var view = (await bench.Get<FeatureRegistry>().FindViewAsync("affinity", CancellationToken.None))!;
        var check = await bench.Get<OnlineConsistency>().CheckAsync(view, CancellationToken.None);

        (check.Entities, check.Cells, check.Equal).ShouldBe((2, 4, 3));
        check.Examples.Single().ShouldContain("score: online 7, offline 0.5");
        (await ScalarAsync<string>(bench, "select string_agg(equal || '/' || cells, ' ' order by id) from features.consistency_check")).ShouldBe("4/4 3/4");
    }

    [Fact]
    public async Task The_cache_serves_without_the_database_and_hears_of_every_change()
    {
        await using var bench = await BenchAsync();
        await PushAsync(bench, "2026-03-01T05:30:00Z", "[\"first\"]");
        var listener = new OnlineCacheListener(bench.Get<NpgsqlDataSource>(), bench.Get<OnlineCache>(), new OutageLog(TimeProvider.System, NullLogger<OutageLog>.Instance), TimeProvider.System);
        await listener.StartAsync(CancellationToken.None);
        await UntilAsync(() => Task.FromResult(bench.Get<OnlineCache>().Trusted));
        (await AskAsync(bench, Basket)).ShouldContain("\"first\"");

        await ExecuteAsync(bench, $"""update {await TableAsync(bench, "basket")} set event_timestamp = '2026-03-01T05:31:00Z'""");
        (await AskAsync(bench, Basket)).ShouldContain("2026-03-01T05:30:00Z", customMessage: "nobody was told");

        // Another process, with a cache of its own.
        var other = new FeaturePushes(bench.Get<NpgsqlDataSource>(), bench.Get<FeatureRegistry>(), new OnlineCache(bench.Get<FeatureRegistry>(), new OnlineCacheOptions()), bench.Time);
        await other.PushAsync(Push("2026-03-01T05:40:00Z", "[\"second\"]", "online"), CancellationToken.None);
        await UntilAsync(async () => (await AskAsync(bench, Basket)).Contains("\"second\"", StringComparison.Ordinal));

        await When_features_are_defined_in_files.WriteAsync(bench, Definition.Replace("\"ttl\": \"1h\"", "\"ttl\": \"1s\""));
        await bench.Get<FeatureApplication>().ApplyAsync(CancellationToken.None);
        await UntilAsync(async () => (await AskAsync(bench, Basket)).Contains("OUTSIDE_MAX_AGE", StringComparison.Ordinal));

        await listener.StopAsync(CancellationToken.None);
        bench.Get<OnlineCache>().Trusted.ShouldBeFalse("without notifications nothing remembered is believed");
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(60));
            await Task.Delay(20);
        }
    }

    private async Task<StageBench> BenchAsync()
    {
        var bench = await StageBench.CreateAsync(postgres, TinyShop.Mapping());
        await When_features_are_defined_in_files.WriteAsync(bench, Definition);
        await bench.Get<FeatureApplication>().ApplyAsync(CancellationToken.None);
        return bench;
    }

    private static PushRequest Push(string time, string note, string to) => JsonSerializer.Deserialize<PushRequest>(
        $$"""
        {"push_source_name": "basket_events", "to": "{{to}}", "df": {"customer_id": ["ann"], "event_timestamp": ["{{time}}"], "lines": [3], "value": [12.5], "note": {{note}}, "gift": [true], "opened": ["2026-03-01T05:00:00.25Z"]} }
        """)!;

    private static Task PushAsync(StageBench bench, string time, string note, string to = "online") => bench.Get<FeaturePushes>().PushAsync(Push(time, note, to), CancellationToken.None);

    private static async Task<MaterializeFeaturesOutputs> MaterializeAffinityAsync(StageBench bench, long run, string rows)
    {
        await bench.PublishTableAsync(new LakeTableName("silver", "tiny", "affinity"), $"select * from (values {rows}) v(customer_id, product_id, event_timestamp, score)", run);
        return await bench.RunAsync<MaterializeFeaturesTask, MaterializeFeaturesInputs, MaterializeFeaturesOutputs>(new MaterializeFeaturesInputs { View = "affinity" }, bench.Context(run));
    }

    private static async Task<string> TableAsync(StageBench bench, string view) => (await bench.Get<FeatureRegistry>().FindViewAsync(view, CancellationToken.None))!.OnlineTable;

    private static async Task ExecuteAsync(StageBench bench, string sql)
    {
        await using var connection = await bench.Get<NpgsqlDataSource>().OpenConnectionAsync();
        await connection.ExecuteAsync(sql);
    }

    private static async Task<T?> ScalarAsync<T>(StageBench bench, string sql)
    {
        await using var connection = await bench.Get<NpgsqlDataSource>().OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<T>(sql);
    }

    private static async Task<string> HistoryAsync(StageBench bench, string request)
    {
        using var stream = new MemoryStream();
        await bench.Get<HistoricalFeatures>().WriteAsync(JsonSerializer.Deserialize<HistoricalRequest>(request)!, stream, CancellationToken.None);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static async Task<string> AskAsync(StageBench bench, string request)
    {
        var features = bench.Get<OnlineFeatures>();
        var asked = features.Rent();
        asked.Body.Write(request);
        try
        {
            return Encoding.UTF8.GetString((await features.AnswerAsync(asked, CancellationToken.None)).Span);
        }
        finally
        {
            features.Return(asked);
        }
    }
}
