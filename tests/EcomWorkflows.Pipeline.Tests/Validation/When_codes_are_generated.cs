using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Validation;
using EcomWorkflows.Pipeline.Validation.Suites;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Validation;

/// <summary>Of expectations that state no reason code.</summary>
public sealed class When_codes_are_generated(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime, IDisposable
{
    private const string NotNull = "column_values_to_not_be_null";

    private readonly ValidationHome home = new(postgres);

    public async Task InitializeAsync()
    {
        await home.MigrateAsync();
        home.Write(
            "workflows/sources/shop.json",
            """
            { "source": "shop", "description": "", "entities": {
                "events": { "kind": "file", "location": "x", "format": {}, "columns": [], "suite": "shop/events" },
                "names": { "kind": "file", "location": "x", "format": {}, "columns": [], "suite": "shop/events" } },
              "silver": {}, "activity": { "eventTypes": [] }, "churn": { "outcomeDays": 1, "embargoDays": 1 } }
            """);
    }

    [Fact]
    public async Task Each_column_counts_under_a_code_of_its_own()
    {
        Suite(Missing("имя"), Missing("город"), Missing("名前"), Missing("grösse"), Missing("gr sse"), Missing("gr_sse"), Different("имя", "город"), Different("grösse", "gr_sse"));
        var attempt = home.Attempt(1, 11);
        // The first name is missing in 1 row, the second in 2 and so on, each time from the first row on.
        await home.PublishAsync(
            attempt, new LakeTableName("bronze", "shop", "names"),
            """
            select
              if(i < 1, null, 'a') as "имя", if(i < 2, null, 'a') as "город", if(i < 3, null, 'c') as "名前",
              if(i < 4, null, 'd') as "grösse", if(i < 5, null, 'e') as "gr sse", if(i < 6, null, if(i < 9, 'd', 'f')) as gr_sse, 'e.csv' as _file, i + 2 as _line
            from range(10) as r(i)
            """);

        var outputs = await home.ValidateAsync(attempt, entity: "names");

        var expectations = (await home.Results.ExpectationsAsync(outputs.ValidationResultId!.Value, CancellationToken.None)).Where(found => found.Type.StartsWith("expect_", StringComparison.Ordinal)).ToList();
        expectations.Select(found => found.Code).ShouldBeUnique();
        expectations.Select(found => found.UnexpectedCount).ShouldBe([1, 2, 3, 4, 5, 6, 1, 3]);
        outputs.QuarantinedByReason.ShouldBe(expectations.Where(found => found.UnexpectedCount > 0).ToDictionary(found => found.Code, found => found.UnexpectedCount!.Value), ignoreOrder: true);
        (await home.Results.ReasonsAsync(1, CancellationToken.None)).ToDictionary(reason => reason.Code, reason => reason.Rows).ShouldBe(outputs.QuarantinedByReason, ignoreOrder: true);
        (await home.QuarantineAsync("names"))[0].ShouldBe($"e.csv:2 {string.Join('+', expectations.Take(6).Select(found => found.Code))}");
        var rows = await new QuarantineReader(home.Lake, home.Options).ReadAsync("shop", "names", expectations[1].Code, 100, 0, CancellationToken.None);
        rows.Select(row => row.Line).ShouldBe([2, 3]);
        File.ReadAllLines(home.Path_($"{outputs.ReportPath}/rows/{expectations[2].Code}.csv")).Length.ShouldBe(1 + 3);
    }

    [Fact]
    public async Task Every_column_is_compared_with_its_own_past_also_when_another_comes_to_the_suite()
    {
        Suite(Missing("имя"));
        for (var run = 101; run <= 106; run++)
            await RunAsync(run, missing: 0);
        Suite(Missing("город"), Missing("имя"));

        var outputs = await RunAsync(107, missing: 50);

        var expectations = (await home.Results.ExpectationsAsync(outputs.ValidationResultId!.Value, CancellationToken.None)).Where(found => found.Code.StartsWith(NotNull, StringComparison.Ordinal)).ToList();
        expectations.Select(found => found.Code).ShouldBe([Code("город"), Code("имя")]);
        (await home.Results.AnomaliesAsync(outputs.ValidationResultId!.Value, CancellationToken.None)).ShouldContain(figure => figure.Metric == $"failing_share({Code("имя")})" && figure.IsAnomaly && figure.Runs == 6);
        var history = await new QualityHistoryReader(postgres.DataSource).ReadAsync("shop", "events", CancellationToken.None);
        history.Of(Code("имя")).Select(one => (one.Run.RunId, one.Found.UnexpectedCount)).ShouldBe([(107, 50), (106, 0), (105, 0), (104, 0), (103, 0), (102, 0), (101, 0)]);
        history.Of(Code("город")).Select(one => (one.Run.RunId, one.Found.UnexpectedCount)).ShouldBe([(107, 25)]);

        Suite(Missing("имя"), Missing("город"));
        for (var run = 108; run <= 112; run++)
            await RunAsync(run, missing: 0);
        var both = await RunAsync(113, missing: 50);
        (await home.Results.AnomaliesAsync(both.ValidationResultId!.Value, CancellationToken.None)).Where(figure => figure.Metric.Contains(NotNull, StringComparison.Ordinal)).Select(figure => (figure.Metric, figure.Value))
            .ShouldBe([($"failing_share({Code("город")})", 0.25), ($"failing_share({Code("имя")})", 0.5)], ignoreOrder: true);
    }

    [Fact]
    public void Those_that_nothing_else_has_are_as_they_always_were()
    {
        Codes(Missing("user_id"), Missing("имя"), Missing("größe"), Missing("User ID"), Different("a", "b"), """{ "type": "expect_table_row_count_to_equal", "kwargs": { "value": 1 } }""")
            .ShouldBe([$"{NotNull}_user_id", $"{NotNull}__", $"{NotNull}_gr_e", Code("User ID"), "column_pair_values_to_be_equal", "table_row_count_to_equal"]);
    }

    [Fact]
    public void They_do_not_depend_on_the_order()
    {
        string[] suite = [Missing("имя"), Missing("gr ße"), Missing("город"), Missing("größe"), Missing("gr_e"), Missing("имя", "1 = 1"), Different("a", "b"), Different("b", "c")];

        var codes = Codes(suite);

        codes.ShouldBeUnique();
        codes[4].ShouldBe($"{NotNull}_gr_e");
        codes.ShouldAllBe(code => code.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '_'));
        Codes([.. suite.Reverse()]).ShouldBe(codes.Reverse());
    }

    [Fact]
    public void Those_about_the_same_share_one_whatever_their_limits()
    {
        string Between(int most) => $$"""{ "type": "expect_column_values_to_be_between", "kwargs": { "column": "цена", "max_value": {{most}} } }""";

        Codes(Between(1), Between(2)).ShouldBe(["column_values_to_be_between__", "column_values_to_be_between__"]);
    }

    [Fact]
    public void A_column_in_the_name_of_another_type_has_another()
    {
        Codes(
            """{ "type": "expect_column_values_to_match_regex", "kwargs": { "column": "list_a", "regex": "x" } }""",
            """{ "type": "expect_column_values_to_match_regex_list", "kwargs": { "column": "a", "regex_list": ["x"] } }""").ShouldBeUnique();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => home.Dispose();

    private static string Missing(string column, string? condition = null) =>
        $$"""{ "type": "expect_column_values_to_not_be_null", "kwargs": { "column": "{{column}}"{{(condition is null ? "" : $", \"row_condition\": \"{condition}\"")}} }, "severity": "warning", "meta": { "on_fail": "quarantine" } }""";

    private static string Different(string a, string b) =>
        $$"""{ "type": "expect_column_pair_values_to_be_equal", "kwargs": { "column_A": "{{a}}", "column_B": "{{b}}" }, "severity": "warning", "meta": { "on_fail": "quarantine" } }""";

    private static string Json(params string[] expectations) => $$"""{ "name": "shop/events", "expectations": [ {{string.Join(", ", expectations)}} ] }""";

    private static IReadOnlyList<string> Codes(params string[] expectations)
    {
        var (suite, problems) = SuiteParser.Parse(Json(expectations), "events.json");
        problems.ShouldBeEmpty();
        return [.. suite!.Expectations.Select(expectation => expectation.Code)];
    }

    /// <summary>The code of a column beside another one that would have the same.</summary>
    private static string Code(string column) => Codes(Missing(column), Missing("город"), Missing("User_ID"), Missing("名"))[0];

    private void Suite(params string[] expectations) => home.Write("workflows/expectations/shop/events.json", Json(expectations));

    private async Task<ValidateOutputs> RunAsync(int run, int missing)
    {
        await home.PublishAsync(
            home.Attempt(run, run * 10), new LakeTableName("bronze", "shop", "events"),
            $"""select if(i < {missing}, null, 'a') as "имя", if(i < {missing} / 2, null, 'b') as "город", 'e.csv' as _file, i + 2 as _line from range(100) as r(i)""");
        return await home.ValidateAsync(home.Attempt(run, (run * 10) + 1));
    }
}
