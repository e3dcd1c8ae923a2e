using System.Globalization;
using EcomWorkflows.Pipeline.Reporting;

namespace EcomWorkflows.Pipeline.Preparation;

/// <summary>The preparation report as one self-contained HTML page.</summary>
internal static class PreparationPage
{
    public static string Render(PreparationReport report) => new ReportShell
    {
        Title = $"Preparation of {report.Source}",
        Kind = Html.Of($"Preparation report"),
        Heading = Html.Of($"<h1>Preparation of {report.Source}</h1>"),
        Facts =
        [
            ("Run", ReportLinks.Run(report.Dag, report.Run)),
            ("Made", Html.Of($"{report.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC")),
        ],
        Notes = Html.Of($"* of at most {SilverProfiler.SampleRows} rows, spread evenly over the table; all other figures are of all rows."),
    }.Around(Html.Of(
        $"""
        {Tiles(report)}
        <h2>Rows in</h2>
        {ReportTable.Of(["Entity", "#Bronze rows", "#Quarantined by validation", "#Used"], report.Entities.Select(e => new[] { e.Entity, Whole(e.RowsIn), Whole(e.RowsQuarantined), Whole(e.RowsKept) }))}
        <h2>Rows out</h2>
        <p class="quiet small">Every row that came in is kept or dropped for a reason. Added are rows beyond one for each that came in, for example a return beside its purchase.</p>
        {ReportTable.Of(["Silver table", "Made from", "#In", "#Added", "#Dropped", "Reasons", "Filled in", "#Out"], report.Tables.Select(Account))}
        {Html.Join(report.Profile.Select(Profile))}
        """)).Markup;

    private static Html Tiles(PreparationReport report)
    {
        var (rows, quarantined) = (report.Entities.Sum(e => e.RowsIn), report.Entities.Sum(e => e.RowsQuarantined));
        return Html.Of(
            $"""
            <section class="tiles" aria-label="Summary">
            <div class="tile"><span class="label">Bronze rows</span><b>{rows}</b><span>of {report.Entities.Count} entities</span></div>
            <div class="tile"><span class="label">Quarantined</span><b>{quarantined}</b><span>{(rows == 0 ? "none" : Share.Percent((double)quarantined / rows))} of them, by validation</span></div>
            <div class="tile"><span class="label">Dropped</span><b>{report.Tables.Sum(t => t.RowsDropped.Values.Sum())}</b><span>each for a reason</span></div>
            <div class="tile"><span class="label">Silver rows</span><b>{report.Tables.Sum(t => t.RowsOut)}</b><span>in {report.Tables.Count} tables</span></div>
            </section>
            """);
    }

    private static string[] Account(TableAccount table) =>
    [
        table.Table, table.RowsFrom.Count == 0 ? "derived" : string.Join(", ", table.RowsFrom), Whole(table.RowsIn), Whole(table.RowsAdded), Whole(table.RowsDropped.Values.Sum()), Counts(table.RowsDropped),
        Counts(table.ValuesImputed), Whole(table.RowsOut),
    ];

    internal static string Counts(IReadOnlyDictionary<string, long> counts) => string.Join(", ", counts.Select(c => $"{c.Key} {c.Value:#,0}"));

    private static Html Profile(TableProfile table) => Html.Of(
        $"""
        <h2>silver.{table.Table}</h2>
        {(table.ByDay.Count > 0 ? Days(table.ByDay) : Html.Empty)}
        {(table.ByType.Count > 0 ? Html.Of($"<h3>Events by type</h3>{ReportTable.Of(["Event type", "#Events"], table.ByType.Select(c => new[] { c.Value, Whole(c.Count) }))}") : Html.Empty)}
        <h3>Columns</h3>
        {ReportTable.Of(
            ["Column", "Type", "#Null", "#Distinct*", "Smallest", "Largest", "#Mean", "5 / 25 / 50 / 75 / 95 %*"],
            table.Columns.Select(c => new[]
            {
                c.Name, c.Type, Whole(c.Nulls), Whole(c.Distinct), c.Min ?? "", c.Max ?? "", c.Mean is { } mean ? $"{mean:#,0.###}" : "", string.Join(" / ", c.Quantiles.Select(q => $"{q:#,0.##}")),
            }))}
        """);

    private static Html Days(IReadOnlyList<CountOf> days)
    {
        var largest = Math.Max(1, days.Max(d => d.Count));
        var bars = days.Select((day, i) =>
        {
            var height = 140.0 * day.Count / largest;
            return Html.Of($"""<rect class="bar" x="{Digits(i * 4)}" y="{Digits(140 - height)}" width="3" height="{Digits(height)}"><title>{day.Value}: {day.Count}</title></rect>""");
        });
        return Html.Of(
            $"""
            <figure><figcaption>Events per day, {days[0].Value} to {days[^1].Value}, at most {largest}</figcaption>
            <svg viewBox="0 0 {Digits(days.Count * 4)} 140" width="1130" height="140" preserveAspectRatio="none" role="img" aria-label="Events per day">{Html.Join(bars)}</svg></figure>
            """);
    }

    private static string Digits(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Whole(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
