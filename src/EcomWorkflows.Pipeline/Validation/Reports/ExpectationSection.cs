using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration;
using EcomWorkflows.Pipeline.Reporting;
using EcomWorkflows.Pipeline.Validation.Results;
using EcomWorkflows.Pipeline.Validation.Suites;

namespace EcomWorkflows.Pipeline.Validation.Reports;

/// <summary>Every expectation, the worst first, each with counts, frequent failing values and example rows.</summary>
internal static class ExpectationSection
{
    private const int ShownExamples = 10;
    private const int ShownValues = 8;

    /// <summary>Of those that are met, how many stand in sight: the others are not laid out until they are asked for, nor until the browser finds a word in them.</summary>
    private const int MetInSight = 100;

    public static Html Write(QualityReport report)
    {
        var ordered = report.Result.Expectations.OrderBy(Rank).ThenByDescending(e => e.UnexpectedCount ?? 0).ToList();
        var inSight = ordered.Count(e => e.Verdict != Verdict.Passed) + MetInSight;
        return Html.Of(
            $"""
            <section id="expectations">
            <h2>Expectations</h2>
            <p class="lead">{report.Result.Expectations.Count} checked, what needs attention first. Open one for counts, values and rows.</p>
            <div class="card">
            <div class="listhead"><span>Result</span><span>Expectation</span><span class="n">Failing rows</span><span class="n share">Share</span></div>
            {Html.Join(ordered.Take(inSight).Select(expectation => One(report, expectation)))}
            {Rest(report, [.. ordered.Skip(inSight)])}
            </div>
            </section>
            """);
    }

    private static Html Rest(QualityReport report, IReadOnlyList<ExpectationResult> met) => met.Count == 0
        ? Html.Empty
        : Html.Of(
            $"""
            <details><summary><span><span class="chip good">met</span></span><strong>{met.Count} more that are met</strong></summary>
            {Html.Join(met.Select(expectation => One(report, expectation)))}
            </details>
            """);

    private static int Rank(ExpectationResult e) => e.Verdict switch
    {
        Verdict.Error => 0,
        Verdict.Failed => 3 - (int)e.Severity,
        Verdict.Tolerated => 4,
        _ => 5,
    };

    private static Html One(QualityReport report, ExpectationResult e) => Html.Of(
        $"""
        <details{new Html(e.StopsTheRun ? " open" : "")}>
        <summary>{Chip(e)}<span>{e.Statement}<span class="type">{e.Expectation.Type}{(e.Expectation.Mostly < 1 ? $" · mostly {e.Expectation.Mostly}" : "")} · {e.Severity.ToString().ToLowerInvariant()}{(e.Verdict == Verdict.Passed ? "" : $" · {e.Resolution}")}</span></span><span class="n">{Number(e)}</span><span class="n share">{Percent.Of(e.UnexpectedShare)}</span></summary>
        <div class="more">
        {Notes(e)}
        <p class="small">{string.Join(" · ", Facts(e))}</p>
        {History(report, e)}
        {Findings(report, e)}
        </div>
        </details>

        """);

    private static Html Number(ExpectationResult e) => e switch
    {
        { UnexpectedCount: { } rows } => Html.Of($"{rows}"),
        { Observed: JsonValue observed } => Html.Of($"""<span class="quiet small">observed</span> {Brief(observed)}"""),
        _ => Html.Of($"–"),
    };

    private static Html Chip(ExpectationResult e)
    {
        var (style, words) = e.Verdict switch
        {
            Verdict.Passed => ("good", "met"),
            Verdict.Tolerated => ("info", "tolerated"),
            Verdict.Error => ("bad", "not checked"),
            _ => e.Severity switch
            {
                ExpectationSeverity.Critical => ("bad", "failed"),
                ExpectationSeverity.Warning => ("warn", "warning"),
                _ => ("info", "noted"),
            },
        };
        return Html.Of($"""<span><span class="chip {style}">{words}</span></span>""");
    }

    private static Html Notes(ExpectationResult e) => Html.Join(
        new[] { e.Expectation.Notes, e.Exception is null ? null : $"Could not be checked: {e.Exception}" }.OfType<string>().Select(note => Html.Of($"<p>{note}</p>")));

    /// <summary>One line of text rather than a list: a page has a thousand of these.</summary>
    private static IEnumerable<string> Facts(ExpectationResult e)
    {
        if (e.ElementCount is { } elements)
            yield return $"{elements:N0} rows considered";
        if (e.MissingCount is { } missing)
            yield return $"{missing:N0} skipped as missing";
        if (e.UnexpectedCount is { } unexpected)
            yield return $"{unexpected:N0} failing ({Percent.Of(e.UnexpectedShare)}), {Percent.Of(1 - e.Expectation.Mostly)} allowed";
        else if (e.Exception is null)
            yield return $"observed {e.Observed?.ToReadableText() ?? "no value"}";
        yield return $"reason code {e.Expectation.Code}";
        yield return $"resolution: {e.Resolution}";
        if (e.Expectation.Line > 0)
            yield return $"stated in line {e.Expectation.Line} of the suite";
    }

    /// <summary>How it came out in the runs before and now; nothing where there was never anything to see.</summary>
    private static Html History(QualityReport report, ExpectationResult e)
    {
        var past = report.History.Runs.Select(run => (Run: run, Found: run.Expectations.GetValueOrDefault(e.Expectation.Key))).Where(run => run.Found is not null).Reverse().ToList();
        if (past.Count == 0)
            return Html.Empty;
        if (e.UnexpectedCount is 0 && past.All(run => run.Found is { Success: true, UnexpectedCount: 0 }))
            return Html.Of($"<h3>Last runs</h3><p>Nothing was found in any of {past.Count} earlier {(past.Count == 1 ? "run" : "runs")}.</p>");
        var bars = past.Select(run => Bar(run.Found!.UnexpectedCount, run.Found.Observed, run.Found.Success)).Append(Bar(e.UnexpectedCount, e.ObservedNumber, e.Success)).ToList();
        var what = e.UnexpectedCount is null ? "the figure observed" : "failing rows";
        var missed = past.Count(run => !run.Found!.Success);
        return Html.Of(
            $"""
            <h3>Last {past.Count} {(past.Count == 1 ? "run" : "runs")} and this one: {what}{(missed == 0 ? "" : $", not met in {missed} of them")}</h3>
            {DistributionChart.Timeline($"{what} by run, the oldest first", [.. bars.Select(bar => (bar.Height, bar.Good))])}
            <p class="quiet small">The oldest first, this run last: {string.Join(" · ", bars.Select(bar => bar.Label))}</p>
            """);
    }

    private static (string Label, double Height, bool Good) Bar(long? failing, double? observed, bool success) =>
        ((failing?.ToString("N0") ?? observed?.ToString("G6") ?? "no figure") + (success ? "" : " (not met)"), failing ?? Math.Abs(observed ?? 0), success);

    private static Html Findings(QualityReport report, ExpectationResult e)
    {
        if (e.Examples.Count == 0)
            return Html.Empty;
        // Rows as a whole are no values: each is there once, and file and line say more.
        var isOfRows = e.Values.All(value => JsonNode.Parse(value.Value) is JsonObject);
        var values = e.Values.Take(ShownValues).Select(value => Html.Of($"""<tr><td class="value"><code>{Observed(JsonNode.Parse(value.Value))}</code></td><td class="n">{value.Count}</td></tr>"""));
        var rows = e.Examples.Take(ShownExamples).Select(row => Html.Of($"""<tr><td class="nowrap">{row.File}</td><td class="n">{row.Line.ToString()}</td><td class="value">{row.Message}</td></tr>"""));
        return Html.Of(
            $"""
            <div class="{(isOfRows ? "whole" : "split")}">
            {(isOfRows ? Html.Empty : Html.Of($"""<div><h3>Most frequent failing values</h3><div class="card"><table><thead><tr><th>Value</th><th class="n">Rows</th></tr></thead><tbody>{Html.Join(values)}</tbody></table></div></div>"""))}
            <div><h3>First failing rows · all: {QuarantineSection.Link(report, e.Expectation.Code)}</h3><div class="card"><table><thead><tr><th>File</th><th class="n">Line</th><th>Finding</th></tr></thead><tbody>{Html.Join(rows)}</tbody></table></div></div>
            </div>
            """);
    }

    /// <summary>Six digits of a fraction are enough at a glance; the details have them all.</summary>
    private static string Brief(JsonValue value) =>
        !value.TryGetValue<long>(out _) && value.TryGetValue<double>(out var number) ? number.ToString("G6") : Observed(value);

    private static string Observed(JsonNode? value) => value switch
    {
        null => "null",
        JsonValue single when single.TryGetValue<long>(out var whole) => whole.ToString("N0"),
        JsonValue single when single.TryGetValue<double>(out var number) => number.ToString(),
        JsonValue single when single.TryGetValue<string>(out var text) => text.Length == 0 ? "(empty text)" : text,
        _ => value.ToReadableText(),
    };
}
