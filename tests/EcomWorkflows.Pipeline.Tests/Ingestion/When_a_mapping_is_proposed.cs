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

    [Theory]
    [InlineData("own.csv", "a,_Line\n1,2\n", "own.csv: '_Line' is a column that ingestion adds itself (_file, _line, _run); rename it in the source.")]
    [InlineData("none.jsonl", "{}\n{}\n", "none.jsonl has no whole record with a member in its first 4 MB, which are all that is looked at. Write its mapping by hand (docs/sources.md has the members).")]
    public void What_ingestion_would_refuse_is_not_proposed(string name, string text, string expected) =>
        Should.Throw<TaskFailedException>(() => MappingInference.Infer(bench.WriteFile(name, text), null, "events")).Message.ShouldBe(expected);

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
    public async Task Days_that_could_be_months_are_read_as_those_of_another_column_that_tell()
    {
        var text = "id,month,ordered\n" + string.Concat(Enumerable.Range(0, 48).Select(i => $"{i},01/{(i % 12) + 1:00}/2026,{(i % 28) + 1:00}/02/2026\n"));
        var mapping = MappingInference.Infer(bench.WriteFile("days.csv", text), "days", "events");

        mapping["entities"]!["events"]!["format"]!["date"]!.GetValue<string>().ShouldBe("%d/%m/%Y");
        (await IngestAsync(mapping, "days.csv", "events")).ShouldBe((48L, 0L));
        (await bench.QueryAsync("proposed", "select max(month), min(ordered), max(ordered) from {bronze}")).Single().ShouldBe([new DateOnly(2026, 12, 1), new DateOnly(2026, 2, 1), new DateOnly(2026, 2, 28)]);
    }

    [Fact]
    public void Two_sure_orders_of_day_and_month_are_not_read_by_one_list()
    {
        var columns = MappingInference.Infer(bench.WriteFile("orders.csv", "a,b\n13/01/2026,01/13/2026\n14/01/2026,01/14/2026\n"), "orders", "events")["entities"]!["events"]!;

        Types(columns).ShouldBe(["a date", "b varchar"]);
        columns["format"]!["date"]!.GetValue<string>().ShouldBe("%d/%m/%Y");
        columns["columns"]![1]!["description"]!.GetValue<string>().ShouldContain("strptime(…, '%m/%d/%Y')");
    }

    [Theory]
    [InlineData("id,n\n9223372036854775808,1\n9223372036854775809,2\n", "id varchar,n bigint", "Whole numbers, some too large for 64 bits: kept as text")]
    [InlineData("id;n\n1,101;1\n2,102;2\n", "id double,n bigint", "Could as well be whole numbers with a separator of thousands: each has three digits behind it")]
    [InlineData("id;n\n1.101;1\n2.102;2\n", "id double,n bigint", "Could as well be whole numbers with a separator of thousands: each has three digits behind it")]
    [InlineData("id;n\n0,101;1\n2,102;2\n", "id double,n bigint", null)]
    [InlineData("country;n\nNA;1\nDE;NA\n", "country varchar,n bigint", "Has 'NA', which means no value in other columns of the file: where it is a value here, take it out of \"nulls\"")]
    [InlineData("price;net\n0.25;12,50\n0.75;13,50\n", "price varchar,net double", "Numbers with a decimal point, while others of the file have a comma: kept as text. In the silver SQL: cast(… as double)")]
    public async Task What_a_value_may_mean_besides_is_told_and_nothing_of_the_file_is_refused(string text, string types, string? description)
    {
        var mapping = MappingInference.Infer(bench.WriteFile("told.csv", text), "told", "events");

        Types(mapping["entities"]!["events"]!).ShouldBe(types.Split(','));
        mapping["entities"]!["events"]!["columns"]![0]!["description"]?.GetValue<string>().ShouldBe(description);
        (await IngestAsync(mapping, "told.csv", "events")).ShouldBe((2L, 0L));
    }

    [Theory]
    [InlineData("No,Name,Price\n1,a,2.5\n2,b,3.5\n", "No bigint,Name varchar,Price double")]
    [InlineData(",a,b\n0,x,1\n1,y,2\n", "column_1 bigint,a varchar,b bigint")]
    [InlineData("id,a,\n1,x,\n2,y,\n", "id bigint,a varchar,column_3 varchar")]
    [InlineData("id,a,A\n1,x,7\n2,y,8\n", "id bigint,a varchar")]
    public async Task A_header_is_told_from_rows(string text, string types)
    {
        var mapping = MappingInference.Infer(bench.WriteFile("head.csv", text), "head", "events");

        mapping["entities"]!["events"]!["format"]!["header"]!.GetValue<bool>().ShouldBeTrue();
        Types(mapping["entities"]!["events"]!).ShouldBe(types.Split(','));
        (await IngestAsync(mapping, "head.csv", "events")).ShouldBe((2L, 0L));
    }

    [Theory]
    [InlineData("yes,no\nno,yes\n")]
    [InlineData("9223372036854775808,a\n9223372036854775809,b\n")]
    public void A_first_row_is_told_from_a_header(string text) =>
        MappingInference.Infer(bench.WriteFile("rows.csv", text), "rows", "events")["entities"]!["events"]!["format"]!["header"]!.GetValue<bool>().ShouldBeFalse();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Text_in_UTF_16_is_read_in_the_order_its_mark_says(bool bigEndian)
    {
        var encoding = new UnicodeEncoding(bigEndian, byteOrderMark: true);
        var mapping = MappingInference.Infer(bench.WriteFile("wide.csv", [.. encoding.GetPreamble(), .. encoding.GetBytes("id,name\n1,Zoë\n2,Bo\n")]), "wide", "events");

        mapping["entities"]!["events"]!["format"]!["encoding"]!.GetValue<string>().ShouldBe("utf-16");
        (await IngestAsync(mapping, "wide.csv", "events")).ShouldBe((2L, 0L));
        (await bench.QueryAsync("proposed", "select id, name from {bronze} order by id limit 1")).Single().ShouldBe([1L, "Zoë"]);
    }

    [Fact]
    public void A_name_may_begin_with_a_bracket() =>
        Types(MappingInference.Infer(bench.WriteFile("x.csv", "[id],[name]\n1,a\n2,b\n"), null, "events")["entities"]!["events"]!).ShouldBe(["[id] bigint", "[name] varchar"]);

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("just a line of text", "looks like no table")]
    [InlineData("a,b\r1,2\r", "x.csv ends its lines with a carriage return alone")]
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
