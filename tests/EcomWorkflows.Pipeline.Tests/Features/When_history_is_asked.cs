using System.Text;
using System.Text.Json;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Features.Definitions;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Lineage;
using EcomWorkflows.Pipeline.Versioning;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Features;

public class When_history_is_asked(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const int Histories = 10_000;

    private static readonly DateTime Start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private static string Definition(string ttl) =>
        $$"""
        {
          "views": [
            { "name": "past", "description": "d", "entities": ["customer"], {{ttl}} "source": { "table": "silver.tiny.past", "created": "created_timestamp" },
              "features": [ { "name": "value", "type": "int64", "description": "d" }, { "name": "word", "type": "string", "description": "d" } ] }
          ],
          "onDemandViews": [
            { "name": "twice", "description": "d", "inputs": ["past:value"], "request": [{ "name": "plus", "description": "d" }],
              "features": [ { "name": "doubled", "expression": "2 * value + plus", "description": "d" } ] }
          ]
        }
        """;

    /// <summary>Every row asked for gets exactly the row a plain loop finds, whatever came late or was corrected, and never one it could not have known.</summary>
    [Theory]
    [InlineData("", false, 1)]
    [InlineData("\"ttl\": \"300s\",", false, 2)]
    [InlineData("\"ttl\": \"300s\",", true, 3)]
    [InlineData("\"ttl\": \"300s\",", false, 100)]
    public async Task Ten_thousand_random_histories_equal_a_plain_loop(string ttl, bool knownByNow, int timesPerHistory)
    {
        var random = new Random(timesPerHistory);
        var histories = Histories / Math.Max(1, timesPerHistory / 10);
        await using var bench = await BenchAsync(Definition(ttl));
        var rows = Enumerable.Range(0, histories).SelectMany(h => Enumerable.Range(0, random.Next(0, 8)).Select(_ =>
        {
            var happened = Start.AddSeconds(random.Next(0, 40) * 30);
            return (Entity: h, Event: happened, Created: happened.AddSeconds(random.Next(3) == 0 ? random.Next(0, 600) : 0), Value: (long)random.Next(1000));
        })).DistinctBy(r => (r.Entity, r.Event, r.Created)).ToArray();
        var pairs = Enumerable.Range(0, histories).SelectMany(h => Enumerable.Range(0, timesPerHistory).Select(_ => (Entity: h, Time: Start.AddSeconds(random.Next(0, 45) * 30)))).ToArray();
        await PublishHistoryAsync(bench, rows);

        long?[] got = [];
        await bench.Get<HistoricalFeatures>().RunAsync(
            new HistoricalQuery(["past:value", "past:word"], null, false, knownByNow ? bench.Time.Now : null),
            (duck, _) =>
            {
                duck.Execute("create temp table pair (pair_id bigint, customer_id varchar, event_timestamp timestamp)");
                using var appender = duck.CreateAppender("pair");
                foreach (var (i, pair) in pairs.Index())
                {
                    appender.Append((long)i).Append($"{pair.Entity}").Append(pair.Time);
                    appender.EndRow();
                }
            },
            (duck, sql) => (got = [.. duck.QueryRows(sql, row => (row.Get<long?>(2), row.Get<string?>(3))).Select(r =>
            {
                r.Item2.ShouldBe(r.Item1 is { } v ? $"w{v}" : null);
                return r.Item1;
            })]).Length,
            CancellationToken.None);

        var byEntity = rows.ToLookup(r => r.Entity);
        long?[] expected = [.. pairs.Select(pair =>
        {
            var seen = byEntity[pair.Entity].Where(r => r.Event <= pair.Time && (knownByNow || r.Created <= pair.Time)).OrderBy(r => r.Event).ThenBy(r => r.Created).ToArray();
            return seen.Length > 0 && (ttl.Length == 0 || pair.Time - seen[^1].Event <= TimeSpan.FromSeconds(300)) ? seen[^1].Value : (long?)null;
        })];
        got.ShouldBe(expected);
    }

    [Fact]
    public async Task Json_and_CSV_hold_the_rows_as_asked_with_what_came_along_and_what_is_computed()
    {
        await using var bench = await BenchAsync(Definition(""));
        await PublishHistoryAsync(bench, [(1, Start, Start, 5), (1, Start.AddMinutes(5), Start.AddMinutes(9), 7)]);
        const string Request =
            """
            {"features": ["past:value", "twice:doubled"], "entities": {"customer_id": [1, "1", 2], "event_timestamp": ["2026-01-01T00:06:00Z", "2026-01-01T00:10:00Z", "2026-01-01T00:10:00Z"], "plus": [1, 2, 3], "label": ["x,y", null, "z"]}}
            """;

        (await AskAsync(bench, Request)).ShouldBe(
            """{"columns":["customer_id","event_timestamp","plus","label","value","doubled"],"rows":[["1","2026-01-01T00:06:00Z",1,"x,y",5,11],["1","2026-01-01T00:10:00Z",2,null,7,16],["2","2026-01-01T00:10:00Z",3,"z",null,null]]}""");
        (await AskAsync(bench, Request.Replace("{\"features\"", "{\"format\": \"csv\", \"features\""))).ShouldBe(
            "customer_id,event_timestamp,plus,label,value,doubled\n1,2026-01-01T00:06:00Z,1,\"x,y\",5,11\n1,2026-01-01T00:10:00Z,2,,7,16\n2,2026-01-01T00:10:00Z,3,z,,\n");
        (await AskAsync(bench, Request.Replace("{\"features\"", "{\"known_by\": \"now\", \"full_feature_names\": true, \"features\""))).ShouldContain("\"past__value\",\"twice__doubled\"],\"rows\":[[\"1\",\"2026-01-01T00:06:00Z\",1,\"x,y\",7,15]");
    }

    [Theory]
    [InlineData("""{"features": ["past:value"], "entities": {"customer_id": ["1"]}}""", "entities lacks event_timestamp; rows to find features for need customer_id, event_timestamp")]
    [InlineData("""{"features": ["past:value"], "entities": {"customer_id": ["1"], "event_timestamp": ["soon"]}}""", "entities.event_timestamp[0] is \"soon\"; allowed are times as")]
    [InlineData("""{"features": ["past:value"], "entities": {"customer_id": ["1", "2"], "event_timestamp": ["2026-01-01T00:00:00Z"]}}""", "entities.customer_id has 2 values, entities.event_timestamp has 1")]
    [InlineData("""{"features": ["past:value"], "entities": {"customer_id": null, "event_timestamp": ["2026-01-01T00:00:00Z"]}}""", "entities.customer_id is null; give a list with one value per row")]
    [InlineData("""{"features": ["past:value"], "entities": {"customer_id": ["1"], "event_timestamp": ["2026-01-01T00:00:00Z"], "Value": [3]}}""", "entities has a column 'Value', as a feature asked for is called. Give the column another name, or ask for full feature names")]
    [InlineData("""{"features": [null], "entities": {}}""", "'' is no feature: write view:feature")]
    [InlineData("""{"features": ["past:value"], "known_by": "then", "entities": {}}""", "known_by is 'then'; allowed are now and times")]
    [InlineData("""{"features": ["past:value"], "format": "xml", "entities": {}}""", "format is 'xml'; allowed are json, csv")]
    [InlineData("""{"features": ["past@v3:value"], "entities": {}}""", "There is no version 3 of feature view 'past'. It has: 1.")]
    public async Task A_request_that_cannot_be_answered_says_why(string request, string message)
    {
        await using var bench = await BenchAsync(Definition(""));
        await PublishHistoryAsync(bench, [(1, Start, Start, 5)]);

        (await Should.ThrowAsync<FeatureRequestException>(() => AskAsync(bench, request))).Message.ShouldContain(message);
    }

    [Fact]
    public async Task A_file_of_rows_becomes_a_file_of_rows_with_features()
    {
        await using var bench = await BenchAsync(Definition(""));
        await PublishHistoryAsync(bench, [(1, Start, Start, 5)]);
        var (source, target) = (Path.Combine(bench.Options.Home, "rows.csv"), Path.Combine(bench.Options.Home, "out.csv"));
        await File.WriteAllTextAsync(source, "customer_id,event_timestamp,churned\n1,2026-01-01T00:06:00Z,yes\n");

        (await bench.Get<HistoricalFeatures>().WriteFileAsync(new HistoricalQuery(["past:value"], null, false, null), source, target, CancellationToken.None)).Rows.ShouldBe(1);

        (await File.ReadAllTextAsync(target)).ShouldBe("customer_id,event_timestamp,churned,value\n1,2026-01-01 00:06:00,yes,5\n");
    }

    [Fact]
    public async Task The_answer_becomes_a_version_of_a_dataset_that_says_what_it_was_made_from()
    {
        await using var bench = await BenchAsync(Definition(""));
        await PublishHistoryAsync(bench, [(1, Start, Start, 5)]);
        var request = JsonSerializer.Deserialize<HistoricalRequest>(
            """{"features": ["past:value"], "entities": {"customer_id": ["1"], "event_timestamp": ["2026-01-01T00:06:00Z"], "churned": [1]}, "dataset": "research/churn", "note": "first try"}""")!;
        var rows = Path.Combine(bench.Options.Home, "rows.csv");
        await File.WriteAllTextAsync(rows, "customer_id,event_timestamp,churned\n1,2026-01-01T00:06:00Z,1.0\n");
        var history = (await bench.Get<FeatureRegistry>().FindViewAsync("past", CancellationToken.None))!.HistorySnapshotId!.Value;

        var made = await bench.Get<HistoricalDatasets>().AddAsync(request, "api:ana", CancellationToken.None);
        var again = await bench.Get<HistoricalDatasets>().AddAsync(request, "api:ben", CancellationToken.None);
        var other = await bench.Get<HistoricalDatasets>().AddAsync(new HistoricalQuery(["past:value", "past:word"], null, false, null), rows, "research/churn", null, "cli:ana", CancellationToken.None);

        (made.Tag, made.IsNew, made.Rows).ShouldBe(("research-churn/v1", true, 1));
        (again.Tag, again.IsNew).ShouldBe(("research-churn/v1", false));
        (other.Tag, other.IsNew).ShouldBe(("research-churn/v2", true));
        var versions = bench.Get<DatasetVersions>();
        var manifest = await versions.ReadManifestAsync((await versions.FindAsync(made.Tag, CancellationToken.None))!, CancellationToken.None);
        manifest.Source.ShouldBe($"past:value as of the time of each row, as known at that time; from past v1 (lake snapshot {history})");
        manifest.MadeFrom.ShouldBe([history]);
        manifest.ChangeNote.ShouldStartWith("first try");
        manifest.CreatedBy.Person.ShouldBe("api:ana");
        manifest.Tables.Single().Columns.Select(c => c.Name).ShouldBe(["customer_id", "event_timestamp", "churned", "value"]);
        var lineage = await bench.Get<LineageReader>().DatasetAsync(made.Tag, CancellationToken.None);
        lineage!.Edges.ShouldContain(e => e.How == "made from");
        Directory.EnumerateDirectories(Path.Combine(bench.Options.Home, "work"), "history-*").ShouldBeEmpty();
        (await Should.ThrowAsync<DatasetException>(() => bench.Get<HistoricalDatasets>().AddAsync(request with { Dataset = "Churn" }, "api:ana", CancellationToken.None))).Message.ShouldContain("'Churn' is no name of a dataset");
    }

    private async Task<StageBench> BenchAsync(string definition)
    {
        var bench = await StageBench.CreateAsync(postgres, TinyShop.Mapping());
        await When_features_are_defined_in_files.WriteAsync(bench, definition);
        return bench;
    }

    private static async Task PublishHistoryAsync(StageBench bench, (int Entity, DateTime Event, DateTime Created, long Value)[] rows)
    {
        var file = Path.Combine(bench.Options.Home, "past.csv");
        await File.WriteAllLinesAsync(file, rows.Select(r => $"{r.Entity},{r.Event:yyyy-MM-dd HH:mm:ss},{r.Created:yyyy-MM-dd HH:mm:ss},{r.Value},w{r.Value}"));
        // Corrections are rows of their own in the source; only one of a time is taken per materialisation, so the oldest come first.
        var select = $"select * from read_csv({DuckDbSql.Literal(file)}, columns = {{'customer_id': 'varchar', 'event_timestamp': 'timestamp', 'created_timestamp': 'timestamp', 'value': 'bigint', 'word': 'varchar'}}, header = false)";
        var rounds = rows.GroupBy(r => (r.Entity, r.Event)).Select(g => g.Count()).DefaultIfEmpty(1).Max();
        for (var round = 1; round <= rounds; round++)
        {
            await bench.PublishTableAsync(new LakeTableName("silver", "tiny", "past"), $"select * from ({select}) qualify row_number() over (partition by customer_id, event_timestamp order by created_timestamp) = {round}", round);
            await bench.RunAsync<MaterializeFeaturesTask, MaterializeFeaturesInputs, MaterializeFeaturesOutputs>(new MaterializeFeaturesInputs { View = "past" }, bench.Context(round));
        }
        await bench.Get<FeatureApplication>().ApplyAsync(CancellationToken.None);
    }

    private static async Task<string> AskAsync(StageBench bench, string request)
    {
        using var stream = new MemoryStream();
        await bench.Get<HistoricalFeatures>().WriteAsync(JsonSerializer.Deserialize<HistoricalRequest>(request)!, stream, CancellationToken.None);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
