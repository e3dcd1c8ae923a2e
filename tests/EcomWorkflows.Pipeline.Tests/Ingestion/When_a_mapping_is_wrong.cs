using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Sources;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Ingestion;

public sealed class When_a_mapping_is_wrong : IDisposable
{
    private readonly string home = Directory.CreateTempSubdirectory("ecom-mappings-").FullName;

    [Theory]
    [InlineData("""{ "source": "b4" }""", "entities: it is missing; allowed is an object.")]
    [InlineData("""{ "source": "b4" }""", "churn: it is missing; allowed is an object.")]
    [InlineData("""[1]""", "a source mapping is a JSON object")]
    [InlineData("{ \"source\": \"b4\",\n\"source\": \"b4\" }", "b4.json line 2: The document has the member 'source' twice, first on line 1. Remove one of them.")]
    [InlineData("""{ "source": "b5", "entities": {}, "churn": { "outcomeDays": 1, "embargoDays": 1 } }""", "source: the file's name asks for 'b4'; got 'b5'.")]
    public void What_the_file_as_a_whole_lacks_is_told(string json, string expected)
    {
        var failure = Should.Throw<TaskFailedException>(() => Read(json));

        failure.Retryable.ShouldBe(false);
        failure.Message.ShouldContain(expected);
    }

    [Theory]
    [InlineData("{\n\"source\": \"b4\\ud800\" }", "b4.json line 2: The text holds U+D800.")]
    [InlineData("{\n\"source\": \"b4\\u0000\" }", "b4.json line 2: The text holds U+0000.")]
    [InlineData("{\n\"source\": b4 }", "b4.json line 2: 'b' is an invalid start of a value.")]
    public void Text_that_cannot_be_read_is_told_with_its_line(string json, string expected)
    {
        var message = Should.Throw<TaskFailedException>(() => Read(json)).Message;

        message.ShouldContain(expected);
        message.ShouldNotContain("LineNumber");
    }

    [Fact]
    public void A_file_that_cannot_be_opened_is_told_and_what_editors_leave_beside_a_file_is_no_source()
    {
        Read(Mapping("{}"));
        var folder = Path.Combine(home, "workflows", "sources");
        File.CreateSymbolicLink(Path.Combine(folder, "gone.json"), "/nowhere/gone.json");
        File.CreateSymbolicLink(Path.Combine(folder, ".#b4.json"), "ann@host.1");

        Catalog().Names().ShouldBe(["b4", "gone"]);
        Should.Throw<TaskFailedException>(() => Catalog().Get("gone")).Message.ShouldContain("gone.json");
    }

    [Theory]
    [InlineData("""{ "events": null }""", "entities.events: allowed is an object; got null.")]
    [InlineData("""{ "Order Items": { "kind": "none" } }""", "entities.Order Items: an entity's name is part of table names")]
    [InlineData("""{ "events": {} }""", "entities.events.kind: it is missing; allowed is a text.")]
    [InlineData("""{ "events": { "kind": "ftp" } }""", "entities.events.kind: allowed is one of file, rest, postgres, none; got 'ftp'.")]
    [InlineData("""{ "events": { "kind": "file", "columns": [{}] } }""", "entities.events.columns[0].name: it is missing; allowed is a text.")]
    [InlineData("""{ "events": { "kind": "file", "columns": [{ "name": "id" }] } }""", "entities.events.columns[0].type: it is missing; allowed is a text.")]
    [InlineData("""{ "events": { "kind": "file", "columns": [null] } }""", "entities.events.columns[0]: allowed is an object; got null.")]
    [InlineData("""{ "events": { "kind": "file", "columns": { "id": "bigint" } } }""", "entities.events.columns: allowed is a list; got {\"id\":\"bigint\"}.")]
    [InlineData("""{ "events": { "kind": "file", "columns": [{ "name": "id", "type": "bigint" }, { "name": "ID", "type": "bigint" }] } }""", "entities.events.columns[1].name: there is a column 'ID' before it")]
    [InlineData("""{ "events": { "kind": "file", "columns": [{ "name": "_Line", "type": "bigint" }] } }""", "entities.events.columns[0].name: '_Line' is a column that ingestion adds itself (_file, _line, _run)")]
    [InlineData("""{ "events": { "kind": "file", "columns": [{ "name": "id", "type": "decimal(50,2)" }] } }""", "entities.events.columns[0].type: column 'id' has type 'decimal(50,2)'; a decimal(p,s) has 1 to 38 digits p")]
    [InlineData("""{ "events": { "kind": "file", "columns": [{ "name": "id", "type": "decimal(3,4)" }] } }""", "at most p are its fraction s")]
    [InlineData("""{ "events": { "kind": "file", "columns": [{ "name": "id", "type": "json" }] } }""", "column 'id' has type 'json'; allowed are varchar, boolean")]
    [InlineData("""{ "events": { "kind": "file", "columns": [{ "name": "id", "typ": "bigint" }] } }""", "entities.events.columns[0].typ: there is no such member. Did you mean 'type'?")]
    [InlineData("""{ "events": { "kind": "file", "drift": { "new": "ignore" } } }""", "entities.events.drift.new: allowed is one of fail, warn, accept; got \"ignore\".")]
    [InlineData("""{ "events": { "kind": "file", "drift": { "news": "warn" } } }""", "entities.events.drift.news: there is no such member. Did you mean 'new'?")]
    [InlineData("""{ "events": { "kind": "file", "drfit": { "new": "warn" } } }""", "entities.events.drfit: there is no such member. Did you mean 'drift'?")]
    [InlineData("""{ "events": { "kind": "file", "keepRawDays": "x" } }""", "entities.events.keepRawDays: allowed is a whole number; got \"x\".")]
    [InlineData("""{ "events": { "kind": "file", "keepRawDays": 0 } }""", "entities.events.keepRawDays is 0; allowed are whole days, at least 1.")]
    [InlineData("""{ "events": { "kind": "file", "format": { "delimeter": ";" } } }""", "entities.events.format.delimeter: there is no such member. Did you mean 'delimiter'?")]
    [InlineData("""{ "events": { "kind": "file", "format": { "type": "jsonl", "delimiter": ";" } } }""", "entities.events.format.delimiter: there is no such member. Known members: type, nulls, decimal, timestamp, date.")]
    [InlineData("""{ "events": { "kind": "rest", "format": { "pagng": "link" } } }""", "entities.events.format.pagng: there is no such member. Did you mean 'paging'?")]
    [InlineData("""{ "events": { "kind": "postgres", "format": { "query": "select 1", "watermrk": "a" } } }""", "entities.events.format.watermrk: there is no such member. Did you mean 'watermark'?")]
    public void What_is_wrong_with_an_entity_is_told_with_its_place_and_what_is_allowed(string entities, string expected) =>
        Should.Throw<TaskFailedException>(() => Read(Mapping(entities))).Message.ShouldContain(expected);

    [Theory]
    [InlineData("\"silver\": { \"evnts\": { \"sql\": [] } }", "silver.evnts: there is no such silver table. Did you mean 'events'?")]
    [InlineData("\"silver\": { \"events\": { \"sql\": \"select 1\" } }", "silver.events.sql: allowed is a list; got \"select 1\".")]
    [InlineData("\"silver\": { \"events\": {} }", "silver.events.sql: it is missing; allowed is a list.")]
    [InlineData("\"activity\": {}", "activity.eventTypes: it is missing; allowed is a list.")]
    [InlineData("\"activty\": {}", "activty: there is no such member. Did you mean 'activity'?")]
    [InlineData("\"purchase\": { \"outcomeDay\": 3 }", "purchase.outcomeDay: there is no such member. Did you mean 'outcomeDays'?")]
    [InlineData("\"purchase\": null", "purchase: allowed is an object; got null. Leave it out for its default.")]
    public void What_is_wrong_beside_entities_is_told_too(string members, string expected) =>
        Should.Throw<TaskFailedException>(() => Read(Mapping("{}", members))).Message.ShouldContain($"b4.json: {expected}");

    [Fact]
    public void All_of_it_is_told_at_once()
    {
        var message = Should.Throw<TaskFailedException>(() => Read(Mapping("""{ "a b": { "kind": "none" }, "events": { "kind": "file", "columns": [{ "name": "_run", "type": "json" }], "drfit": {} } }"""))).Message;

        message.Split(Environment.NewLine).Count(line => line.StartsWith(Path.Combine(home, "workflows", "sources", "b4.json"), StringComparison.Ordinal)).ShouldBe(4);
        message.ShouldEndWith("Correct the mapping (docs/sources.md has its members).");
    }

    [Fact]
    public void What_may_be_left_out_is_empty_and_members_of_ones_own_stay()
    {
        var mapping = Read(Mapping("""{ "events": { "kind": "none", "notes": "n", "x-owner": "ann" } }""", "\"$schema\": \"s\", \"team\": \"crm\""));

        mapping.Entities["events"].Columns.ShouldBeEmpty();
        mapping.Silver.ShouldBeEmpty();
        mapping.Activity.EventTypes.ShouldBeEmpty();
        mapping.Unknown!.Keys.ShouldContain("team");
    }

    [Fact]
    public void Every_mapping_that_is_shipped_is_right()
    {
        Directory.CreateDirectory(Path.Combine(home, "workflows", "sources"));
        foreach (var file in Directory.GetFiles(Path.Combine(RepositoryRoot.Path, "workflows", "sources"), "*.json"))
            File.Copy(file, Path.Combine(home, "workflows", "sources", Path.GetFileName(file)));
        File.Copy(Path.Combine(RepositoryRoot.Path, "bench", "EcomWorkflows.Bench", "Ingest", "bench-products.json"), Path.Combine(home, "workflows", "sources", "bench-products.json"));
        var catalog = Catalog();

        catalog.Names().Count.ShouldBeGreaterThan(5);
        catalog.Names().Select(name => catalog.Get(name).Entities.Count).ShouldAllBe(count => count > 0);
    }

    public void Dispose() => Directory.Delete(home, recursive: true);

    private static string Mapping(string entities, string? members = null) =>
        $$"""{ "source": "b4", "entities": {{entities}}, "churn": { "outcomeDays": 1, "embargoDays": 1 }{{(members is null ? "" : $", {members}")}} }""";

    private SourceMapping Read(string json)
    {
        Directory.CreateDirectory(Path.Combine(home, "workflows", "sources"));
        File.WriteAllText(Path.Combine(home, "workflows", "sources", "b4.json"), json);
        return Catalog().Get("b4");
    }

    private SourceCatalog Catalog() => new(new PipelineOptions { Home = home, WorkflowsFolder = Path.Combine(home, "workflows"), DataVersionsFolder = Path.Combine(home, "data-versions") });
}
