using System.Text.Json.Nodes;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Statistics;
using EcomWorkflows.Pipeline.Validation.Suites;

namespace EcomWorkflows.Pipeline.Validation.Checks;

/// <summary>Expectations about a table against the clock and against its own past; ours.</summary>
internal static class HistoryExpectations
{
    private const int DefaultRuns = 30;

    public static IReadOnlyList<ExpectationDefinition> All { get; } =
    [
        new("expect_table_to_be_fresh", false,
            [
                new("column", KwargKind.Text, Required: true), new("max_age", KwargKind.Duration, Required: true), new("as_of", KwargKind.Scalar),
                new("row_condition", KwargKind.Text),
            ],
            Fresh),
        new("expect_table_row_count_to_fit_history", false,
            [new("runs", KwargKind.Count), new("min_runs", KwargKind.Count), new("sensitivity", KwargKind.Number), new("min_change", KwargKind.Share)],
            FitsHistory),
    ];

    /// <summary>The age of the newest value at the end of the data interval (or at <c>as_of</c>); no value at all is not fresh.</summary>
    private static AggregateCheck Fresh(CheckBuilder check)
    {
        var column = check.Column();
        var maxAge = check.Text("max_age")!;
        var asOf = check.Kwargs["as_of"]?.ToString() ?? check.Parameter("data_interval_end")
            ?? throw new CheckException("\"as_of\" is needed here: outside a run there is no data interval whose end could stand in for it.");
        var id = DuckDbSql.Identifier(column);
        var newest = $"max({id}) {(check.Scope == SqlText.True ? "" : $"filter (where {check.Scope})")}".TrimEnd();
        var age = $"(epoch({DuckDbSql.Literal(asOf)}::timestamp) - epoch(({newest})::timestamp))";
        return new AggregateCheck(
            check.Expectation, $"the newest {column}{check.ScopeWords} is at most {maxAge} old at {asOf}",
            $"{{'newest': {newest}, 'age_seconds': {age}}}", $"{age} <= epoch(interval {DuckDbSql.Literal(maxAge)})");
    }

    /// <summary>As many rows as the last runs let expect: <see cref="RobustBounds"/>, and at least <c>min_change</c> of the median to either side.</summary>
    private static JudgedCheck FitsHistory(CheckBuilder check)
    {
        var runs = check.Number("runs", DefaultRuns);
        var fewest = (int)check.Number("min_runs", RobustBounds.FewestValues);
        var counts = check.Table.History.RowCounts.Take((int)runs).Select(count => (double)count).ToList();
        var bounds = RobustBounds.OfCounts(counts, check.Number("sensitivity", RobustBounds.DefaultSensitivity), fewest);
        var slack = check.Number("min_change", 0);
        return new JudgedCheck(
            check.Expectation, $"{check.Table.Name} has about as many rows as in the last {runs:0} runs", ["count(*)"],
            figures =>
            {
                var rows = (long)figures[0]!;
                if (bounds is null)
                    return new Judgement(true, rows, new JsonObject { ["note"] = $"not judged: {counts.Count} earlier runs, at least {fewest} are needed", ["runs"] = counts.Count });
                var low = Math.Max(0, Math.Min(bounds.Low, bounds.Median * (1 - slack)));
                var high = Math.Max(bounds.High, bounds.Median * (1 + slack));
                return new Judgement(
                    rows >= low && rows <= high, rows,
                    new JsonObject { ["low"] = Math.Floor(low), ["high"] = Math.Ceiling(high), ["median"] = bounds.Median, ["runs"] = bounds.Values });
            });
    }
}
