using System.Globalization;
using EcomWorkflows.Pipeline.Reporting;

namespace EcomWorkflows.Pipeline.Scoring.Purchase.Reports;

/// <summary>The pages of the purchase reports: self-contained, without script, each linked with the others.</summary>
internal static class PurchaseReportPages
{
    internal const string IndexFile = "index.html";

    /// <summary>Writes the index and, per report, a page and a CSV file.</summary>
    internal static void Write(string folder, PurchaseReportSet set)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, IndexFile), Page(set, $"Purchase predictions of {set.Source}", Index(set), IndexFile).Markup);
        foreach (PurchaseReportDefinition definition in PurchaseReportDefinition.All)
        {
            IReadOnlyList<PurchaseReportTable> tables = set.Of(definition);
            File.WriteAllText(Path.Combine(folder, $"{definition.Name}.html"), Page(set, definition.Title, Report(definition, tables), $"{definition.Name}.html").Markup);
            File.WriteAllText(Path.Combine(folder, $"{definition.Name}.csv"), PurchaseReportCsv.Write(tables));
        }
    }

    private static Html Page(PurchaseReportSet set, string title, Html body, string file)
    {
        ReportedScoring latest = set.Latest;
        return new ReportShell
        {
            Title = title,
            Kind = Html.Of($"Purchase report, {set.Source}"),
            Heading = Html.Of($"<h1>{title}</h1>"),
            Facts =
            [
                ("Run", ReportLinks.Run(set.DagId, set.RunKey)),
                ("Model", Html.Of($"<a href=\"/models/{latest.ModelName}/{latest.ModelVersion.ToString(CultureInfo.InvariantCulture)}\">{latest.ModelName} v{latest.ModelVersion.ToString(CultureInfo.InvariantCulture)}</a>")),
                ("Training data", ReportLinks.Dataset(latest.TrainingDatasetTag)),
                ("Data before", Html.Of($"{Day(latest.AsOf)}")),
                ("Made", Html.Of($"{set.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC")),
            ],
            Links = Html.Join(Links(file)),
            Notes = Html.Of(
                $"""
                {Pairs(set)} <em>Expected purchases</em> is the sum of the probabilities, <em>predicted</em> counts pairs with a probability of
                {Share.Number(latest.Threshold)} or more. {Judged(set)}
                """),
        }.Around(Html.Of($"{Warning(set)}\n{body}"));
    }

    private static IEnumerable<Html> Links(string file) =>
        PurchaseReportDefinition.All.Select(one => (File: $"{one.Name}.html", one.Title)).Prepend((IndexFile, "Overview"))
            .Select(one => one.Item1 == file ? Html.Of($"<strong aria-current=\"page\">{one.Item2}</strong>") : Html.Of($"<a href=\"{one.Item1}\">{one.Item2}</a>"));

    private static string Pairs(PurchaseReportSet set) => set.IsClassic ? "A pair is a visitor and an item that the visitor viewed, carted or bought." : "A pair is a visitor and an item of recent interest.";

    private static string Judged(PurchaseReportSet set) => set.IsClassic
        ? "All pairs are counted, those the model has learned from among them: precision, recall and F1 flatter it. The model's own report has the figures on the pairs of other visitors."
        : "Hold-out pairs are those of the test cutoff, which the model has not learned from.";

    private static Html Warning(PurchaseReportSet set) => set.IsClassic
        ? Html.Of($"""<p class="stop"><strong>These figures cannot be trusted.</strong> The classic variant's features know the outcome: a bought pair has funnel depth 3 because it was bought. They are for comparison with published scores, and foretell nothing.</p>""")
        : Html.Empty;

    private static Html Index(PurchaseReportSet set) => Html.Of(
        $"""
        <p class="lead">{set.Description}</p>
        {Html.Join(set.Scorings.Select(scoring => Html.Of($"<h3>{scoring.Words}, as of {Day(scoring.AsOf)}</h3>{Tiles(scoring, set.Overall(scoring))}")))}
        <h2>Reports</h2>
        <div class="card"><table>
        <thead><tr><th>Report</th><th>Question</th><th>Data</th></tr></thead>
        <tbody>{Html.Join(PurchaseReportDefinition.All.Select(one => Html.Of($"<tr><td class=\"nowrap\"><a href=\"{one.Name}.html\">{one.Title}</a></td><td>{one.Question}</td><td><a href=\"{one.Name}.csv\">CSV</a></td></tr>")))}</tbody>
        </table></div>
        """);

    private static Html Report(PurchaseReportDefinition definition, IReadOnlyList<PurchaseReportTable> tables) => Html.Of(
        $"""
        <p class="lead">{definition.Question} <a href="{definition.Name}.csv">All rows as CSV</a></p>
        {Html.Join(tables.Select(table => Section(definition, table)))}
        """);

    private static Html Section(PurchaseReportDefinition definition, PurchaseReportTable table) => Html.Of(
        $"""
        <h2>{table.Scoring.Words}</h2>
        <p class="quiet small">Known before {Day(table.Scoring.AsOf)}; purchases from {Day(table.Scoring.OutcomeFrom)} to before {Day(table.Scoring.OutcomeTo)}.</p>
        {(definition.Name == PurchaseReportDefinition.OverallName ? Tiles(table.Scoring, table.Rows[0]) : PurchaseReportTables.Chart(table))}
        {PurchaseReportTables.Table(table)}
        """);

    private static Html Tiles(ReportedScoring scoring, PurchaseReportRow all)
    {
        Html bought = scoring.OutcomeKnown
            ? Html.Of(
                $"""
                <div class="tile"><span class="label">Bought</span><b>{all.Bought ?? 0}</b><span>{Share.Percent(all.Conversion ?? 0)} of the pairs</span></div>
                <div class="tile"><span class="label">Precision / recall</span><b>{Number(all.Precision)} / {Number(all.Recall)}</b><span>F1 {Number(all.F1)} at the threshold</span></div>
                <div class="tile"><span class="label">Purchases in reach</span><b>{Reach(scoring, all)}</b><span>{scoring.BoughtUnseen ?? 0} pairs were bought without earlier interest</span></div>
                """)
            : Html.Empty;
        return Html.Of(
            $"""
            <div class="tiles">
            <div class="tile"><span class="label">Pairs</span><b>{all.Pairs}</b><span>of a visitor and an item</span></div>
            <div class="tile"><span class="label">Expected purchases</span><b>{all.Expected.ToString("N1", CultureInfo.InvariantCulture)}</b><span>mean probability {Share.Percent(all.MeanProbability)}</span></div>
            <div class="tile"><span class="label">Predicted purchases</span><b>{all.Predicted}</b><span>probability {Share.Number(scoring.Threshold)} or more</span></div>
            {bought}
            </div>
            """);
    }

    private static string Reach(ReportedScoring scoring, PurchaseReportRow all) =>
        all.Bought + scoring.BoughtUnseen is > 0 and { } total ? Share.Percent((double)all.Bought!.Value / total) : "none";

    private static string Number(double? share) => share is { } value ? Share.Number(value) : "none";

    private static string Day(DateTime time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
