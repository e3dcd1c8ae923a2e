using System.Text;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Ingestion.Inference;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Ingestion;

public sealed class When_a_mapping_is_proposed(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime, IDisposable
{
    private IngestionBench bench = null!;

    public async Task InitializeAsync() => bench = await IngestionBench.CreateAsync(postgres);

    [Fact]
    public async Task Dialect_encoding_types_and_forms_are_told_from_the_file_and_the_proposal_ingests_it_whole()
    {
        var text = "Kunde;Name;Betrag;Am;Code;Aktiv\r\n1;Zoë;2,50;31.12.2020 10:00;007;ja\r\n2;\"a;b\";NULL;01.02.2021 11:30;010;nein\r\n";
        var mapping = MappingInference.Infer(bench.WriteFile("my-Shop.csv", Encoding.Latin1.GetBytes(text)), null, "orders");

        var entity = mapping["entities"]!["orders"]!;
        mapping["source"]!.GetValue<string>().ShouldBe("my_shop");
        entity["format"]!.ToJsonString().ShouldBe(
            """{"type":"csv","delimiter":";","quote":"\u0022","encoding":"latin-1","header":true,"nulls":["","NULL"],"decimal":",","timestamp":"%d.%m.%Y %H:%M"}""");
        Types(entity).ShouldBe(["Kunde bigint", "Name varchar", "Betrag double", "Am timestamp", "Code varchar", "Aktiv varchar"]);
        var outputs = await IngestAsync(mapping, "my-Shop.csv", "orders");
        (outputs.Kept, outputs.Rejected).ShouldBe((2L, 0L));
    }

    [Fact]
    public void A_file_without_a_header_gets_names_and_values_that_do_not_fit_are_told()
    {
        var rows = string.Concat(Enumerable.Range(0, 400).Select(row => row == 7 ? "x,2020-01-01\n" : $"{row},2020-01-01\n"));
        var entity = MappingInference.Infer(bench.WriteFile("rows.csv.gz", rows), "named", "events")["entities"]!["events"]!;

        entity["format"]!["header"]!.GetValue<bool>().ShouldBeFalse();
        Types(entity).ShouldBe(["column_1 bigint", "column_2 date"]);
        entity["columns"]![0]!["description"]!.GetValue<string>().ShouldBe("1 of 400 values of the sample are of no bigint, for example 'x': they would be rejected");
    }

    [Fact]
    public void JSON_lines_and_days_that_could_be_months_are_told()
    {
        var entity = MappingInference.Infer(bench.WriteFile("rows.jsonl", "{\"id\":1,\"on\":\"01/02/2020\",\"at\":1433221332117}\n{\"id\":2.5,\"extra\":null}\n"), null, "events")["entities"]!["events"]!;
        entity["format"]!["type"]!.GetValue<string>().ShouldBe("jsonl");
        Types(entity).ShouldBe(["id double", "on date", "at bigint", "extra varchar"]);
        entity["columns"]![1]!["description"]!.GetValue<string>().ShouldContain("does not tell day and month apart");
        entity["columns"]![2]!["description"]!.GetValue<string>().ShouldContain("milliseconds");
    }

    [Fact]
    public void A_name_may_begin_with_a_bracket() =>
        Types(MappingInference.Infer(bench.WriteFile("x.csv", "[id],[name]\n1,a\n2,b\n"), null, "events")["entities"]!["events"]!).ShouldBe(["[id] bigint", "[name] varchar"]);

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("just a line of text", "looks like no table")]
    [InlineData("PAR1 but no Parquet", "cannot be read")]
    [InlineData("a,b\n\u0001\u0000,\u0002\n", "x.csv is no text")]
    [InlineData("[\n{\"id\":1},\n{\"id\":2}]", "x.csv is one JSON list; ingestion reads JSON lines, one object per line: jq -c '.[]' x.csv > x.jsonl")]
    public void What_is_no_table_says_so(string text, string expected) =>
        Should.Throw<TaskFailedException>(() => MappingInference.Infer(bench.WriteFile("x.csv", text), null, "events")).Message.ShouldContain(expected);

    [SharedDataTheory("telco-customer-churn.csv.gz", "online-shoppers-intention.csv.gz", "retailrocket-kcore-interactions.csv.gz", "online-retail-latin1-fixture.csv.gz", "retailrocket-sample-events-part1.csv.gz")]
    [InlineData("telco", "customers", "telco-customer-churn.csv.gz", 7_043)]
    [InlineData("online-shoppers", "sessions", "online-shoppers-intention.csv.gz", 12_330)]
    [InlineData("retailrocket-kcore", "events", "retailrocket-kcore-interactions.csv.gz", 92_487)]
    [InlineData("online-retail-latin1", "events", "online-retail-latin1-fixture.csv.gz", 2_030)]
    [InlineData("retailrocket", "events", "retailrocket-sample-events-part1.csv.gz", 7_686)]
    public async Task Every_shared_shape_has_a_mapping_that_reads_all_of_it_and_so_does_the_proposal(string source, string entity, string file, long rows)
    {
        var outputs = await bench.IngestAsync(bench.UseMapping(source), SharedData.Path(file), entity);
        (outputs.RowsKept, outputs.RowsRejected, outputs.Drift.Count).ShouldBe((rows, 0L, 0));

        var proposed = await IngestAsync(MappingInference.Infer(SharedData.Path(file), "proposed", entity), SharedData.Path(file), entity);
        (proposed.Kept, proposed.Rejected).ShouldBe((rows, 0L));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => bench.Dispose();

    private static IEnumerable<string> Types(JsonNode entity) => entity["columns"]!.AsArray().Select(column => $"{column!["name"]} {column["type"]}");

    private async Task<(long Kept, long Rejected)> IngestAsync(JsonObject mapping, string file, string entity)
    {
        mapping["source"] = "proposed";
        await File.WriteAllTextAsync(Path.Combine(bench.Home, "workflows", "sources", "proposed.json"), mapping.ToJsonString());
        var outputs = await bench.IngestAsync("proposed", file, entity);
        return (outputs.RowsKept, outputs.RowsRejected);
    }
}
