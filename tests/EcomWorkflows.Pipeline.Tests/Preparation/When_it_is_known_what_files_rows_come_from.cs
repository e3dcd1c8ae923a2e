using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Ingestion;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Preparation;
using EcomWorkflows.Pipeline.Tests.Features;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Preparation;

/// <summary>Preparation of what ingestion landed, which notes the raw file of each bronze file.</summary>
public class When_it_is_known_what_files_rows_come_from(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly LakeTableName Silver = new("silver", "shop", "events");

    [Theory]
    [InlineData("day's.csv")]
    [InlineData("a.csv", "day's.csv", "z.csv")]
    // So many that the name is looked up instead of compared.
    [InlineData("a.csv", "b.csv", "c.csv", "d.csv", "e.csv", "f.csv", "g.csv", "h.csv", "i.csv", "z's.csv")]
    public async Task Each_row_names_its_file_and_line(params string[] files)
    {
        await using var bench = await PreparedAsync("_file", files);

        (await bench.QueryAsync(Silver, "select file, line, customer_id, event_type from t order by all", row => (row.Get<string>(0), row.Get<long>(1), row.Get<string>(2), row.Get<string>(3))))
            .ShouldBe(files.SelectMany(file => new[] { (file, 2L, $"ann of {file}", "view"), (file, 3L, "bob", "purchase") }));
    }

    [Fact]
    public async Task File_and_event_type_are_texts_in_the_file()
    {
        await using var bench = await PreparedAsync("_file", "a.csv");

        (await bench.QueryAsync(Silver, "select column_name, column_type from (describe t) where column_name in ('file', 'event_type')", row => (row.Get<string>(0), row.Get<string>(1))))
            .ShouldBe([("event_type", "VARCHAR"), ("file", "VARCHAR")], ignoreOrder: true);
    }

    [Fact]
    public async Task The_report_tells_the_extremes_of_what_was_not_read()
    {
        await using var bench = await PreparedAsync("_file", "a.csv");

        var report = await File.ReadAllTextAsync(Directory.EnumerateFiles(bench.Options.Home, "index.html", SearchOption.AllDirectories).Single());
        report.ShouldContain("<td>event_type</td><td>VARCHAR</td><td class=\"n\">0</td><td class=\"n\">2</td><td>purchase</td><td>view</td>");
        report.ShouldContain("<td>file</td><td>VARCHAR</td><td class=\"n\">0</td><td class=\"n\">1</td><td>a.csv</td><td>a.csv</td>");
        report.ShouldContain("<td>order_id</td><td>VARCHAR</td><td class=\"n\">2</td><td class=\"n\">0</td><td></td><td></td>");
    }

    [Fact]
    public async Task A_mapping_that_names_other_files_is_refused_as_one_that_loses_rows()
    {
        var failure = await Should.ThrowAsync<TaskFailedException>(() => PreparedAsync("'other.csv'", "a.csv"));

        failure.Message.ShouldContain("2 rows of events came in, but the SQL yields rows of");
    }

    /// <param name="file">Expression the mapping gives as the file of a row.</param>
    private async Task<StageBench> PreparedAsync(string file, params string[] files)
    {
        var bench = await StageBench.CreateAsync(postgres, new Dictionary<string, string>
        {
            ["shop"] =
                $$"""
                {
                  "source": "shop", "description": "", "entities": { "events": { "kind": "file", "location": "{file}", "format": { "type": "csv" }, "columns": [
                    { "name": "who", "type": "varchar" }, { "name": "moment", "type": "timestamp" }, { "name": "kind", "type": "varchar" }] } },
                  "silver": {
                    "events": { "rowsFrom": ["events"], "sql": ["select who as customer_id, moment as event_time, kind as event_type, {{file}} as file, _line as line from {bronze.events}"] },
                    "customers": { "sql": ["select distinct customer_id from {silver.events}"] },
                    "products": { "sql": ["select distinct product_id from {silver.events} where product_id is not null"] }
                  },
                  "activity": { "eventTypes": ["purchase"] },
                  "churn": { "outcomeDays": 10, "embargoDays": 1 }
                }
                """,
        });
        var folder = Directory.CreateDirectory(Path.Combine(bench.Options.Home, "delivered")).FullName;
        foreach (var name in files)
            await File.WriteAllTextAsync(Path.Combine(folder, name), $"who,moment,kind\nann of {name},2026-01-01 10:00:00,view\nbob,2026-01-02 10:00:00,purchase\n");
        await bench.RunAsync<IngestTask, IngestInputs, IngestOutputs>(new IngestInputs { Source = "shop", Entity = "events", File = Path.Combine(folder, "*.csv") });
        await bench.RunAsync<PrepareTask, PrepareInputs, PrepareOutputs>(new PrepareInputs { Source = "shop" });
        return bench;
    }
}
