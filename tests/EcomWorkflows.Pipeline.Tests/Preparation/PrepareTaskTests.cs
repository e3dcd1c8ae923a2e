using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Preparation;
using EcomWorkflows.Pipeline.Tests.Features;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Preparation;

public class PrepareTaskTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string GoodSelect =
        "select who as customer_id, moment as event_time, kind as event_type, _file as file, _line as line, case when who = 'robot' then 'is_robot' end as _drop from {bronze.events}";

    private const string Rows =
        "('ann', timestamp '2026-01-01 10:00:00', 'view', 2), ('bob', '2026-01-02', 'purchase', 3), ('robot', '2026-01-02', 'view', 4), (null, '2026-01-03', 'view', 5), ('ann', '2026-01-04', 'poke', 6)";

    [SharedDataFact(OnlineRetail.File)]
    public async Task Online_Retail_is_left_with_the_rows_of_the_published_baseline()
    {
        await using var bench = await StageBench.CreateAsync(postgres);

        var outputs = await OnlineRetail.PrepareAsync(bench);

        var events = outputs.Tables.Single(t => t.Table == "events");
        events.RowsIn.ShouldBe(370_931);
        events.RowsDropped["missing_customer"].ShouldBe(98_056);
        events.RowsOut.ShouldBe(270_039);
        events.RowsDropped.Values.Sum().ShouldBe(370_931 - 270_039);
        outputs.Tables.Single(t => t.Table == "customers").RowsOut.ShouldBe(3_658);
        var silver = await bench.QueryAsync(
            new LakeTableName("silver", "online_retail", "events"),
            "select event_type, count(*), cast(round(sum(amount), 2) as double), bool_and(is_activity = (event_type = 'purchase')) from t group by 1 order by 1",
            row => (row.Get<string>(0), row.Get<long>(1), row.Get<double>(2), row.Get<bool>(3)));
        silver.Select(s => (s.Item1, s.Item2)).ShouldBe([("purchase", 263_705L), ("return", 6_334L)]);
        silver[0].Item3.ShouldBe(6_178_170.39, 0.01);
        silver.ShouldAllBe(s => s.Item4);
    }

    [SharedDataFact(OnlineRetail.File)]
    public async Task The_same_input_gives_the_same_bytes()
    {
        await using var bench = await StageBench.CreateAsync(postgres);
        await OnlineRetail.PrepareAsync(bench);
        var first = await HashesAsync(bench);

        await bench.RunAsync<PrepareTask, PrepareInputs, PrepareOutputs>(new PrepareInputs { Source = OnlineRetail.Source });

        (await HashesAsync(bench)).ShouldBe(first);
    }

    [Fact]
    public async Task Every_row_is_kept_quarantined_or_dropped_for_a_reason()
    {
        await using var bench = await BenchAsync(GoodSelect);
        await bench.PublishTableAsync(new LakeTableName("quarantine", "tiny", "events"), "select 'e.csv' as file, 3::bigint as line");

        var outputs = await PrepareAsync(bench);

        outputs.Entities.Single().ShouldBe(new EntityAccount("events", 5, 1, 4));
        var events = outputs.Tables[0];
        events.RowsIn.ShouldBe(4);
        events.RowsDropped.ShouldBe(new Dictionary<string, long> { ["is_robot"] = 1, ["missing_customer_id"] = 1, ["unknown_event_type"] = 1 }, ignoreOrder: true);
        events.RowsOut.ShouldBe(1);
        File.ReadAllText(Path.Combine(bench.Options.Home, outputs.ReportPath)).ShouldContain("is_robot 1, missing_customer_id 1, unknown_event_type 1");
    }

    [Theory]
    [InlineData("select who as customer_id, moment as event_time, kind as event_type, _file as file, _line as line from {bronze.events} where who = 'ann'", "5 rows of events came in, but the SQL yields rows of 2 of them")]
    [InlineData("select who as customer_id, kind as event_type, _file as file, _line as line from {bronze.events}", "silver.events yields no column 'event_time'")]
    [InlineData("select who as customer_id, cast(moment as varchar) as event_time, kind as event_type, _file as file, _line as line from {bronze.events}", "yields 'event_time' as VARCHAR; it must be TIMESTAMP. Write cast(… as timestamp) as event_time.")]
    [InlineData("select * from {bronze.orders}", "names {bronze.orders}; the entities of this source are events")]
    [InlineData("select who as customer_id, moment as event_time, kind as event_type, _file as file, _line as line, true as _imputed from {bronze.events}", "yields '_imputed' as BOOLEAN; it must be VARCHAR")]
    [InlineData("select nope from {bronze.events}", "silver.events: Binder Error")]
    public async Task A_mapping_that_is_wrong_is_refused_with_file_and_table(string select, string message)
    {
        await using var bench = await BenchAsync(select);

        var failure = await Should.ThrowAsync<TaskFailedException>(() => PrepareAsync(bench));

        failure.Retryable.ShouldBeFalse();
        failure.Message.ShouldContain("tiny.json, silver.events");
        failure.Message.ShouldContain(message);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" order by _line desc")]
    public async Task Silver_events_lie_in_the_order_of_their_lines_whatever_order_the_mapping_gives(string order)
    {
        await using var bench = await BenchAsync(GoodSelect + order);

        await PrepareAsync(bench);

        (await bench.QueryAsync(new LakeTableName("silver", "tiny", "events"), "select line from t", row => row.Get<long>(0))).ShouldBe([2L, 3L]);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" left join (select distinct who as also from {bronze.events}) a on a.also = e.who")]
    public async Task Many_silver_events_lie_in_the_order_of_their_lines_even_behind_joins(string join)
    {
        const int rows = 300_000;
        var select =
            "select coalesce(who, 'nobody') as customer_id, moment as event_time, kind as event_type, e._file as file, e._line as line, case when _repeated then 'repeated' when e._line % 1000 = 7 then 'seventh' end as _drop "
            + "from {bronze.events} e" + join;
        await using var bench = await BenchAsync(select, repeated: """{ "events": ["who", "moment"] }""");
        await bench.PublishTableAsync(
            new LakeTableName("bronze", "tiny", "events"),
            $"select 'customer ' || i // 5 as who, timestamp '2026-01-01' + interval (case when i % 5000 = 1 then i - 1 else i end) second as moment, 'view' as kind, 'e.csv' as _file, i as _line from range({rows}) r(i)");
        await bench.PublishTableAsync(new LakeTableName("quarantine", "tiny", "events"), $"select 'e.csv' as file, i as line from range(100, {rows}, 5000) r(i)");

        var events = (await PrepareAsync(bench)).Tables[0];

        events.RowsDropped.ShouldBe(new Dictionary<string, long> { ["repeated"] = rows / 5000, ["seventh"] = rows / 1000 }, ignoreOrder: true);
        var (count, inOrder, first, last) = (await bench.QueryAsync(
            new LakeTableName("silver", "tiny", "events"),
            "select count(*), bool_and(coalesce(line > before, true)), min(line), max(line) from (select line, lag(line) over () as before from t)",
            row => (row.Get<long>(0), row.Get<bool>(1), row.Get<long>(2), row.Get<long>(3)))).Single();
        (count, inOrder, first, last).ShouldBe((rows - (rows / 5000) - (rows / 5000) - (rows / 1000), true, 0L, rows - 1L));
        events.RowsOut.ShouldBe(count);
    }

    [Fact]
    public async Task Values_that_are_filled_in_are_counted_by_column_and_the_column_that_says_so_is_left_out()
    {
        await using var bench = await BenchAsync(GoodSelect.Replace("_file as file", "case when kind = 'view' then 'product_id,quantity' end as _imputed, 'p' as product_id, _file as file", StringComparison.Ordinal));

        var outputs = await PrepareAsync(bench);

        outputs.Tables[0].ValuesImputed.ShouldBe(new Dictionary<string, long> { ["product_id"] = 1, ["quantity"] = 1 }, ignoreOrder: true);
        outputs.Tables[1].ValuesImputed.ShouldBeEmpty();
        (await bench.QueryAsync(new LakeTableName("silver", "tiny", "events"), "select count(*) from (describe t) where column_name = '_imputed'", row => row.Get<long>(0))).ShouldBe([0L]);
        File.ReadAllText(Path.Combine(bench.Options.Home, outputs.ReportPath)).ShouldContain("product_id 1, quantity 1");
    }

    [Fact]
    public async Task A_row_that_becomes_two_is_accounted_as_added()
    {
        await using var bench = await BenchAsync($"{GoodSelect} union all select who, moment + interval 1 day, 'return', _file, _line, null from {{bronze.events}} where kind = 'purchase'");

        var events = (await PrepareAsync(bench)).Tables[0];

        events.RowsAdded.ShouldBe(1);
        events.RowsOut.ShouldBe(3);
    }

    [Fact]
    public async Task A_row_that_is_replaced_is_accounted_as_dropped_and_added()
    {
        await using var bench = await BenchAsync(
            "select coalesce(who, 'x') as customer_id, moment as event_time, 'view' as event_type, _file as file, _line as line, case when _line = 3 then 'replaced' end as _drop from {bronze.events} "
            + "union all select who, moment, 'purchase', _file, _line, null from {bronze.events} where _line = 3");

        var events = (await PrepareAsync(bench)).Tables[0];

        (events.RowsAdded, events.RowsOut).ShouldBe((1, 5));
        events.RowsDropped.ShouldBe(new Dictionary<string, long> { ["replaced"] = 1 });
        (await bench.QueryAsync(new LakeTableName("silver", "tiny", "events"), "select line from t", row => row.Get<long>(0))).ShouldBe([2L, 3L, 4L, 5L, 6L]);
    }

    [Fact]
    public async Task A_customer_that_comes_twice_is_kept_once()
    {
        await using var bench = await BenchAsync(GoodSelect, customers: "select 'ann' as customer_id, c as country from (values ('DE'), ('FR')) v(c)");

        var customers = (await PrepareAsync(bench)).Tables[1];

        customers.RowsOut.ShouldBe(1);
        customers.RowsDropped["repeated_customer_id"].ShouldBe(1);
    }

    [Fact]
    public async Task A_table_has_the_canonical_columns_in_their_order_and_then_the_others_of_the_mapping()
    {
        await using var bench = await BenchAsync(GoodSelect.Replace("select who", "select 'web' as channel, null::varchar as _imputed, who", StringComparison.Ordinal));

        await PrepareAsync(bench);

        (await bench.QueryAsync(new LakeTableName("silver", "tiny", "events"), "select column_name || ' ' || column_type from (describe t)", row => row.Get<string>(0))).ShouldBe(
            [.. CanonicalTable.Events.Columns.Select(column => $"{column.Name} {column.Type}"), "is_activity BOOLEAN", "channel VARCHAR"]);
        (await bench.QueryAsync(new LakeTableName("silver", "tiny", "events"), "select line, is_activity, amount is null, channel from t order by line", row => (row.Get<long>(0), row.Get<bool>(1), row.Get<bool>(2), row.Get<string>(3))))
            .ShouldBe([(2L, false, true, "web"), (3L, true, true, "web")]);
    }

    [Fact]
    public async Task Products_may_read_customers()
    {
        await using var bench = await BenchAsync(GoodSelect, products: "select 'for ' || customer_id as product_id from {silver.customers}");

        var outputs = await PrepareAsync(bench);

        outputs.Tables.Select(table => (table.Table, table.RowsOut)).ShouldBe([("events", 2L), ("customers", 2L), ("products", 2L)]);
        (await bench.QueryAsync(new LakeTableName("silver", "tiny", "products"), "select product_id from t", row => row.Get<string>(0))).ShouldBe(["for ann", "for bob"]);
        var page = File.ReadAllText(Path.Combine(bench.Options.Home, outputs.ReportPath));
        page.IndexOf("silver.events", StringComparison.Ordinal).ShouldBeLessThan(page.IndexOf("silver.customers", StringComparison.Ordinal));
        page.ShouldContain("<td>product_id</td><td>VARCHAR</td><td class=\"n\">0</td><td class=\"n\">2</td><td>for ann</td><td>for bob</td>");
    }

    [Theory]
    [InlineData("select nope as customer_id from {silver.events}", "select distinct product_id from {silver.events}", "silver.customers: Binder Error")]
    [InlineData("select distinct customer_id from {silver.events}", "select nope as product_id from {silver.events}", "silver.products: Binder Error")]
    public async Task A_wrong_table_beside_a_right_one_is_refused_with_file_and_table(string customers, string products, string message)
    {
        await using var bench = await BenchAsync(GoodSelect, customers, products: products);

        var failure = await Should.ThrowAsync<TaskFailedException>(() => PrepareAsync(bench));

        failure.Retryable.ShouldBeFalse();
        failure.Message.ShouldContain("tiny.json, " + message);
    }

    [Fact]
    public async Task A_row_that_equals_an_earlier_one_in_the_columns_named_is_told_to_the_SQL()
    {
        const string select =
            "select coalesce(who, 'nobody') as customer_id, moment as event_time, 'view' as event_type, e._file as file, e._line as line, case when e._repeated then 'repeated' end as _drop from {bronze.events} e";
        await using var bench = await BenchAsync(select, repeated: """{ "events": ["who", "moment"] }""");
        await bench.PublishTableAsync(
            new LakeTableName("bronze", "tiny", "events"),
            "select who, timestamp '2026-01-01' + interval (day) day as moment, 'view' as kind, file as _file, line::bigint as _line "
            + "from (values ('b.csv', 2, 'ann', 1), ('b.csv', 3, 'bob', 1), ('a.csv', 9, 'ann', 1), ('b.csv', 4, null, 2), ('b.csv', 5, null, 2), ('b.csv', 6, 'ann', 2)) v(file, line, who, day)");

        var events = (await PrepareAsync(bench)).Tables[0];

        events.RowsDropped.ShouldBe(new Dictionary<string, long> { ["repeated"] = 2 });
        (await bench.QueryAsync(new LakeTableName("silver", "tiny", "events"), "select file || line from t order by 1", row => row.Get<string>(0))).ShouldBe(["a.csv9", "b.csv3", "b.csv4", "b.csv6"]);
    }

    [Theory]
    [InlineData("{}", "Referenced column \"_repeated\" not found")]
    [InlineData("""{ "events": ["nope"] }""", "finds repeated rows of 'events' by 'nope'; its columns are who, moment, kind.")]
    [InlineData("""{ "events": [] }""", "finds repeated rows of 'events' but names no column of it.")]
    [InlineData("""{ "events": ["who"], "orders": ["who"] }""", "finds repeated rows of 'orders'; the entities of this source are events.")]
    public async Task Repeated_rows_that_cannot_be_found_are_refused_with_file_and_table(string repeated, string message)
    {
        await using var bench = await BenchAsync("select who as customer_id, moment as event_time, kind as event_type, _file as file, _line as line, case when _repeated then 'repeated' end as _drop from {bronze.events}", repeated: repeated);

        var failure = await Should.ThrowAsync<TaskFailedException>(() => PrepareAsync(bench));

        failure.Message.ShouldContain("tiny.json, silver.events");
        failure.Message.ShouldContain(message);
    }

    [Fact]
    public async Task A_mapping_that_joins_repeated_rows_is_told_of_their_column()
    {
        await using var bench = await BenchAsync(GoodSelect + " left join {repeated.events} r on r.line = _line", repeated: """{ "events": ["who"] }""");

        (await Should.ThrowAsync<TaskFailedException>(() => PrepareAsync(bench))).Message.ShouldContain("tiny.json, silver.events names {repeated.events}. Rows that equal an earlier one have a true in the column _repeated");
    }

    [Fact]
    public async Task A_mapping_that_yields_other_rows_each_time_is_refused()
    {
        await using var bench = await BenchAsync(GoodSelect.Replace("_file as file", "case when random() < 0.5 then 'c' end as order_id, _file as file", StringComparison.Ordinal)
            .Replace("case when who = 'robot' then 'is_robot' end", "case when random() < 0.5 then 'unlucky' end", StringComparison.Ordinal));
        await bench.PublishTableAsync(
            new LakeTableName("bronze", "tiny", "events"), "select 'ann' as who, timestamp '2026-01-01' as moment, 'view' as kind, 'e.csv' as _file, i as _line from range(10000) r(i)");

        (await Should.ThrowAsync<TaskFailedException>(() => PrepareAsync(bench))).Message.ShouldContain("It must yield the same rows each time");
    }

    [Fact]
    public async Task The_report_describes_each_column_over_all_rows()
    {
        await using var bench = await BenchAsync(GoodSelect);

        var outputs = await PrepareAsync(bench);

        var page = File.ReadAllText(Path.Combine(bench.Options.Home, outputs.ReportPath));
        page.ShouldContain("<td>customer_id</td><td>VARCHAR</td><td class=\"n\">0</td><td class=\"n\">2</td><td>ann</td><td>bob</td>");
        page.ShouldContain("<td>event_time</td><td>TIMESTAMP</td><td class=\"n\">0</td><td class=\"n\">2</td><td>2026-01-01 10:00:00</td><td>2026-01-02 00:00:00</td>");
        page.ShouldContain("<td>amount</td><td>DOUBLE</td><td class=\"n\">2</td><td class=\"n\">0</td><td></td><td></td>");
    }

    [Fact]
    public async Task The_reports_quantiles_are_of_rows_from_the_whole_table()
    {
        const int rows = 300_000;
        await using var bench = await BenchAsync("select who as customer_id, moment as event_time, kind as event_type, _line::double as quantity, _file as file, _line as line from {bronze.events}");
        await bench.PublishTableAsync(
            new LakeTableName("bronze", "tiny", "events"),
            $"select 'ann' as who, timestamp '2026-01-01' as moment, 'view' as kind, 'e.csv' as _file, i as _line from range({rows}) r(i)");

        var outputs = await PrepareAsync(bench);

        var report = await File.ReadAllTextAsync(Path.Combine(bench.Options.Home, Path.GetDirectoryName(outputs.ReportPath)!, "report.json"));
        var quantity = JsonNode.Parse(report)!["profile"]![0]!["columns"]!.AsArray().Single(column => column!["name"]!.GetValue<string>() == "quantity")!;
        quantity["quantiles"]!.AsArray().Select(quantile => quantile!.GetValue<double>() / rows).Zip([0.05, 0.25, 0.5, 0.75, 0.95]).ShouldAllBe(q => Math.Abs(q.First - q.Second) < 0.02);
        quantity["distinct"]!.GetValue<long>().ShouldBeInRange(SilverProfiler.SampleRows / 2, SilverProfiler.SampleRows);
    }

    private async Task<StageBench> BenchAsync(string events, string customers = "select distinct customer_id from {silver.events}", string repeated = "{}",
        string products = "select distinct product_id from {silver.events} where product_id is not null")
    {
        var bench = await StageBench.CreateAsync(postgres, new Dictionary<string, string>
        {
            ["tiny"] =
                $$"""
                {
                  "source": "tiny", "description": "", "entities": { "events": { "kind": "file", "columns": [
                    { "name": "who", "type": "varchar" }, { "name": "moment", "type": "timestamp" }, { "name": "kind", "type": "varchar" }] } },
                  "silver": {
                    "events": { "rowsFrom": ["events"], "repeated": {{repeated}}, "sql": [{{Json(events)}}] },
                    "customers": { "sql": [{{Json(customers)}}] },
                    "products": { "sql": [{{Json(products)}}] }
                  },
                  "activity": { "eventTypes": ["purchase"] },
                  "churn": { "outcomeDays": 10, "embargoDays": 1 }
                }
                """,
        });
        await bench.PublishTableAsync(new LakeTableName("bronze", "tiny", "events"), $"select who, moment, kind, 'e.csv' as _file, line::bigint as _line from (values {Rows}) v(who, moment, kind, line)");
        return bench;
    }

    private static Task<PrepareOutputs> PrepareAsync(StageBench bench) =>
        bench.RunAsync<PrepareTask, PrepareInputs, PrepareOutputs>(new PrepareInputs { Source = "tiny" });

    private static string Json(string text) => System.Text.Json.JsonSerializer.Serialize(text);

    private static async Task<List<string>> HashesAsync(StageBench bench)
    {
        var hashes = new List<string>();
        foreach (var table in new[] { "events", "customers", "products" })
            hashes.AddRange((await bench.Get<LakeStore>().CurrentAsync(new LakeTableName("silver", "online_retail", table), CancellationToken.None))!.Files.Select(f => f.Sha256));
        return hashes;
    }
}
