using System.Text.Json.Nodes;
using EcomWorkflows.Pipeline.Validation;
using EcomWorkflows.Pipeline.Validation.Profiling;
using EcomWorkflows.Pipeline.Validation.Reports;
using EcomWorkflows.Pipeline.Validation.Results;
using EcomWorkflows.Pipeline.Validation.Running;
using EcomWorkflows.Pipeline.Validation.Suites;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Validation;

public sealed class ReportFolderTests : IDisposable
{
    private const string Suite = """
        { "name": "shop/events", "expectations": [
          { "type": "expect_column_values_to_be_in_set", "kwargs": { "column": "kind", "value_set": ["view"], "mostly": 0.5 }, "severity": "critical", "meta": { "on_fail": "quarantine", "code": "unknown_kind" } },
          { "type": "expect_column_values_to_not_be_null", "kwargs": { "column": "price" }, "severity": "warning", "meta": { "on_fail": "accept", "code": "no_price" } },
          { "type": "expect_column_mean_to_be_between", "kwargs": { "column": "price", "min_value": 0 }, "severity": "info" },
          { "type": "expect_column_values_to_not_be_null", "kwargs": { "column": "gone" }, "severity": "info" }
        ] }
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("ecom-report-").FullName;

    public ReportFolderTests()
    {
        using var table = TableUnderTest.Of(
            """
            select * from (values
              ('view', 1.5, timestamp '2026-01-01', 'e.csv', 2),
              ('<script>alert("x")</script>', 2.5, timestamp '2026-01-02', 'e.csv', 3),
              ('view', null, null, 'e,1.csv', 4)
            ) as t (kind, price, made, _file, _line)
            """);
        var result = table.Run(SuiteParser.Parse(Suite, "shop/events.json").Suite!);
        var quarantine = Path.Combine(folder, "quarantine.parquet");
        QuarantineFile.Write(table.Duck, table.Schema, null, result, quarantine, CancellationToken.None);
        result = result with { Columns = new TableProfiler(table.Duck).Profile(table.Figures, CancellationToken.None) };
        var at = new DateTimeOffset(2026, 11, 21, 6, 0, 0, TimeSpan.Zero);
        var identity = new ValidationIdentity("shop", "events", "churn-daily", "manual__1", 1, "validate_events", 2, 1, at.AddDays(-1), at, at, 3);
        ReportFolder.Write(table.Duck, folder, identity, result, QualityHistory.None, quarantine, CancellationToken.None);
    }

    [Fact]
    public void The_page_needs_no_script_loads_nothing_and_escapes_what_the_data_says()
    {
        var page = Read("index.html");

        page.ShouldContain("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;");
        page.ShouldNotContain("<script");
        page.ShouldNotContain("http://");
        page.ShouldNotContain("https://");
        page.ShouldNotContain(" style=\"");
        page.ShouldNotContain(" onclick");
        page.ShouldContain("style-src &#39;sha256-");
        page.ShouldContain("What stopped the run");
    }

    [Fact]
    public void The_issues_are_a_CSV_of_one_line_each()
    {
        var lines = Read("report.csv").TrimEnd('\n').Split('\n');

        lines[0].ShouldBe("issue,rule,columns,severity,result,count,share,resolution,example,example_finding,expected");
        lines.Length.ShouldBe(4);
        lines[1].ShouldStartWith("unknown_kind,expect_column_values_to_be_in_set,kind,critical,tolerated,1,0.333333,quarantined,e.csv:3,");
        lines[2].ShouldBe("no_price,expect_column_values_to_not_be_null,price,warning,failed,1,0.333333,accepted,\"e,1.csv:4\",price is missing,price is given");
        lines[3].ShouldContain(",critical,error,,,not checked,,");
    }

    [Fact]
    public void The_result_has_the_members_of_Great_Expectations()
    {
        var result = JsonNode.Parse(Read("result.json"))!;

        (result["success"]!.GetValue<bool>(), result["suite_name"]!.GetValue<string>()).ShouldBe((false, "shop/events"));
        result["statistics"]!.ToJsonString().ShouldBe("""{"evaluated_expectations":8,"successful_expectations":6,"unsuccessful_expectations":2,"success_percent":75}""");
        var set = result["results"]![4]!;
        set["expectation_config"]!["type"]!.GetValue<string>().ShouldBe("expect_column_values_to_be_in_set");
        var figures = set["result"]!.AsObject();
        figures.Select(member => member.Key).ShouldBe(
        [
            "element_count", "unexpected_count", "unexpected_percent", "partial_unexpected_list", "missing_count", "missing_percent", "unexpected_percent_total",
            "unexpected_percent_nonmissing", "partial_unexpected_counts", "unexpected_index_column_names", "partial_unexpected_index_list",
        ]);
        figures["partial_unexpected_counts"]![0]!["count"]!.GetValue<int>().ShouldBe(1);
        result["results"]![5]!["result"]!.AsObject().ContainsKey("missing_count").ShouldBeFalse();
        result["results"]![6]!["result"]!["observed_value"]!.GetValue<double>().ShouldBe(2.0);
        result["results"]![7]!["exception_info"]!["raised_exception"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public void Every_failing_row_can_be_reached()
    {
        Read("rows/no_price.csv").ShouldBe("file,line,value,message\n\"e,1.csv\",4,,price is missing\n");
        Read("quarantine.csv").ShouldContain("e.csv,3,unknown_kind,");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Read(string file) => File.ReadAllText(Path.Combine(folder, file));
}
