namespace EcomWorkflows.Pipeline.Reporting;

/// <summary>What every report page has around its sections. A page is one file: no script, and nothing it loads.</summary>
internal sealed record ReportShell
{
    /// <summary>Of the browser's window.</summary>
    public required string Title { get; init; }

    /// <summary>Above the heading: what kind of report it is.</summary>
    public required Html Kind { get; init; }

    public required Html Heading { get; init; }

    /// <summary>Where the figures come from.</summary>
    public required IReadOnlyList<(string Name, Html Value)> Facts { get; init; }

    /// <summary>Links to sections or other pages; none where the page is short.</summary>
    public Html Links { get; init; } = Html.Empty;

    /// <summary>What one must know to read the figures, a paragraph.</summary>
    public required Html Notes { get; init; }

    public Html Around(Html sections) => Html.Of(
        $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="{ReportStyle.ContentSecurityPolicy}">
        <title>{Title}</title>
        <link rel="icon" href="data:,">
        <style>{new Html(ReportStyle.Css)}</style>
        </head>
        <body>
        <main>
        <header>
        <p class="over">{Kind}</p>
        <div class="head">{Heading}</div>
        <dl class="facts">
        {Html.Join(Facts.Select(fact => Html.Of($"<div><dt>{fact.Name}</dt><dd>{fact.Value}</dd></div>\n")))}</dl>
        {(Links.Markup.Length > 0 ? Html.Of($"""<nav aria-label="Sections">{Links}</nav>""") : Html.Empty)}
        </header>
        {sections}
        <footer><p>{Notes}</p></footer>
        </main>
        </body>
        </html>

        """);
}
