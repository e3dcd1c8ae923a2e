using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Ingestion;

public sealed class When_a_schema_drifts(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime, IDisposable
{
    private static readonly object[] Columns = [new { name = "id", type = "bigint" }, new { name = "name", type = "varchar" }, new { name = "price", type = "double" }];

    private IngestionBench bench = null!;

    public async Task InitializeAsync() => bench = await IngestionBench.CreateAsync(postgres);

    [Fact]
    public async Task A_new_column_fails_unless_the_mapping_says_otherwise_and_the_message_says_how()
    {
        var error = await FailAsync("id,name,price,colour\n1,ann,2.5,red\n", null);
        error.Message.ShouldContain("rows.csv line 1: the header is not the declared one. Declared: id,name,price. Found: id,name,price,colour. Not declared: colour.");
        error.Message.ShouldContain("set \"new\" in entities.events.drift there to \"warn\" or \"accept\". Nothing was published.");
        error.Retryable.ShouldBeFalse();
    }

    [Theory]
    [InlineData("new", "colour,id,name,price\nred,1,ann,2.5\n", "Not declared: colour.")]
    [InlineData("missing", "id,name\n1,ann\n", "Missing: price.")]
    [InlineData("reordered", "price,id,name\n2.5,1,ann\n", "The columns are the same in another order.")]
    public async Task What_is_to_be_warned_of_is_read_by_name_and_told_in_the_outputs(string kind, string text, string expected)
    {
        foreach (var action in new[] { "warn", "accept" })
        {
            var source = bench.Map(new { }, Columns, drift: new Dictionary<string, string> { [kind] = action });
            var outputs = await bench.IngestAsync(source, bench.WriteFile("rows.csv", text));

            (await bench.QueryAsync(source, "select id, name, price from {bronze}")).Single().ShouldBe([1L, "ann", kind == "missing" ? null : 2.5]);
            outputs.Drift.Count.ShouldBe(action == "warn" ? 1 : 0);
            outputs.Drift.ShouldAllBe(finding => finding.Contains(expected));
        }
    }

    [Fact]
    public async Task A_column_that_changes_its_type_half_way_is_told_with_the_line_and_fails_where_that_is_declared()
    {
        var text = "id,name,price\n" + string.Concat(Enumerable.Range(1, 200).Select(row => row <= 150 ? $"{row},x,1.5\n" : $"{row},x,EUR 1.50\n"));
        var source = bench.Map(new { }, Columns);
        var outputs = await bench.IngestAsync(source, bench.WriteFile("rows.csv", text));
        (outputs.RowsKept, outputs.RowsRejected).ShouldBe((150L, 50L));
        outputs.Drift.Single().ShouldBe(
            "rows.csv: 50 of 200 records, the first on line 152, do not fit column price: 'EUR 1.50' is not a number. The schema seems to have changed there.");

        (await FailAsync(text, new { retyped = "fail" })).Message.ShouldContain("the first on line 152");
    }

    [Fact]
    public async Task Records_that_grow_a_field_half_way_are_told_with_the_line()
    {
        var text = "id,name,price\n" + string.Concat(Enumerable.Range(1, 100).Select(row => row <= 60 ? $"{row},x,1.5\n" : $"{row},x,1.5,new\n"));
        var source = bench.Map(new { }, Columns);
        (await bench.IngestAsync(source, bench.WriteFile("rows.csv", text))).Drift.Single().ShouldContain("40 of 100 records, the first on line 62, do not fit: 4 fields where 3 are declared");
        (await FailAsync(text, new { uneven = "fail" })).Message.ShouldContain("set \"uneven\" in entities.events.drift");
    }

    [Fact]
    public async Task Single_bad_records_are_no_drift()
    {
        var source = bench.Map(new { }, Columns);
        var outputs = await bench.IngestAsync(source, bench.WriteFile("rows.csv", "id,name,price\n1,ann,x\n2,bob\n"));
        outputs.RowsRejected.ShouldBe(2);
        outputs.Drift.ShouldBeEmpty();
    }

    [Fact]
    public async Task Members_that_JSON_lines_gain_and_lack_are_told_with_their_line_and_nothing_is_lost()
    {
        var source = bench.Map(new { type = "jsonl" }, Columns);
        var path = bench.WriteFile("rows.jsonl", "{\"id\":1,\"name\":\"ann\"}\n{\"id\":2,\"name\":\"bob\",\"colour\":\"red\"}\n");
        var outputs = await bench.IngestAsync(source, path);

        outputs.RowsKept.ShouldBe(2);
        outputs.Drift.Single().ShouldContain("Missing: price. Not declared: colour (since line 2).");
        (await Should.ThrowAsync<TaskFailedException>(() => bench.IngestAsync(bench.Map(new { type = "jsonl" }, Columns, drift: new { missing = "fail" }), path))).Message
            .ShouldContain("set \"missing\" in entities.events.drift");
    }

    [Fact]
    public async Task A_member_inside_an_object_is_missed_as_one_at_the_top()
    {
        object[] columns = [new { name = "id", type = "bigint" }, new { name = "city", type = "varchar", path = "addr.city" }];
        var source = bench.Map(new { type = "jsonl" }, columns, drift: new { missing = "fail" });
        string Rows(int first, string member) => string.Concat(Enumerable.Range(first, 100).Select(id => $"{{\"id\":{id},\"addr\":{{\"{member}\":\"x\"}}}}\n"));

        (await bench.IngestAsync(source, bench.WriteFile("there.jsonl", Rows(1, "city")))).Drift.ShouldBeEmpty();
        (await Should.ThrowAsync<TaskFailedException>(() => bench.IngestAsync(source, bench.WriteFile("renamed.jsonl", Rows(1, "town"))))).Message.ShouldContain("Missing: city.");
        (await Should.ThrowAsync<TaskFailedException>(() => bench.IngestAsync(source, bench.WriteFile("half.jsonl", Rows(1, "city") + Rows(101, "town"))))).Message
            .ShouldContain("Missing: city (not after line 100).");
    }

    [Fact]
    public async Task A_name_with_points_is_a_member_of_that_name()
    {
        var source = bench.Map(new { type = "jsonl" }, new object[] { new { name = "user.id", type = "bigint" }, new { name = "inner", type = "bigint", path = "user.id" } });

        var outputs = await bench.IngestAsync(source, bench.WriteFile("points.jsonl", "{\"user.id\":1,\"user\":{\"id\":2}}\n"));

        outputs.Drift.ShouldBeEmpty();
        (await bench.QueryAsync(source, "select \"user.id\", \"inner\" from {bronze}")).Single().ShouldBe([1L, 2L]);
    }

    [Fact]
    public async Task A_Parquet_file_with_other_types_fails_before_a_row_is_read()
    {
        var path = Path.Combine(bench.Home, "rows.parquet");
        using (var duck = DuckDbConnection.Open(new DuckDbOptions()))
            duck.Execute($"copy (select 1::integer as id, 'ann' as name, '2.5' as price) to '{path}' (format parquet)");

        var error = await Should.ThrowAsync<TaskFailedException>(() => bench.IngestAsync(bench.Map(new { type = "parquet" }, Columns), path));
        error.Message.ShouldContain("Column price is VARCHAR; declared is double.");
        (await bench.IngestAsync(bench.Map(new { type = "parquet" }, Columns, drift: new { retyped = "accept" }), path)).RowsKept.ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"new":"ignore"}""", "new: allowed is one of fail, warn, accept")]
    [InlineData("""{"renamed":"warn"}""", "renamed: there is no such member.")]
    public async Task A_drift_setting_that_is_none_is_refused_with_its_place(string drift, string expected)
    {
        var source = bench.Map(new { }, Columns, drift: System.Text.Json.JsonDocument.Parse(drift).RootElement);
        (await Should.ThrowAsync<TaskFailedException>(() => bench.IngestAsync(source, bench.WriteFile("rows.csv", "id,name,price\n")))).Message.ShouldContain($"{source}.json: entities.events.drift.{expected}");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => bench.Dispose();

    private async Task<TaskFailedException> FailAsync(string text, object? drift)
    {
        var source = bench.Map(new { }, Columns, drift: drift);
        var error = await Should.ThrowAsync<TaskFailedException>(() => bench.IngestAsync(source, bench.WriteFile("rows.csv", text)));
        (await bench.Lake.CurrentAsync(new("bronze", source, "events"), CancellationToken.None)).ShouldBeNull();
        return error;
    }
}
