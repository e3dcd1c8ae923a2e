namespace EcomWorkflows.Pipeline.Reporting;

/// <summary>A table of text and numbers.</summary>
internal static class ReportTable
{
    /// <param name="headings">A leading # makes a column of numbers; where all are empty there is no head.</param>
    public static Html Of(string[] headings, IEnumerable<string[]> rows)
    {
        var head = headings.All(heading => heading.Length == 0)
            ? Html.Empty
            : Html.Of($"<thead><tr>{Html.Join(headings.Select(heading => Html.Of($"<th{Class(heading)}>{heading.TrimStart('#')}</th>")))}</tr></thead>");
        return Html.Of(
            $"""
            <div class="card"><table>{head}
            <tbody>{Html.Join(rows.Select(row => Html.Of($"<tr>{Html.Join(row.Zip(headings, (text, heading) => Html.Of($"<td{Class(heading)}>{text}</td>")))}</tr>\n")))}</tbody>
            </table></div>
            """);
    }

    private static Html Class(string heading) => heading.StartsWith('#') ? new Html(" class=\"n\"") : Html.Empty;
}
