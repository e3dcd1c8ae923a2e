using EcomWorkflows.Pipeline.Reporting;
using EcomWorkflows.Pipeline.Validation.Profiling;

namespace EcomWorkflows.Pipeline.Validation.Reports;

/// <summary>Draws a column's distribution as plain SVG: a histogram for ordered values, horizontal bars for the most frequent ones.</summary>
internal static class DistributionChart
{
    private const int Width = 300;
    private const int HistogramHeight = 56;
    private const int RowHeight = 15;
    private const int LabelWidth = 142;
    private const int CountWidth = 62;
    private const int MostRows = 6;

    public static Html Draw(ColumnProfile column)
    {
        if (column.Bars.Count == 0)
            return Html.Of($"""<span class="quiet small">no values</span>""");
        return column.Ordered ? Histogram(column) : Bars(column);
    }

    private static Html Histogram(ColumnProfile column)
    {
        var most = Math.Max(1, column.Bars.Max(bar => bar.Rows));
        var step = (double)Width / column.Bars.Count;
        var bars = column.Bars.Select((bar, index) =>
        {
            var height = bar.Rows == 0 ? 0 : Math.Max(1, bar.Rows * (double)HistogramHeight / most);
            return Html.Of(
                $"""<rect class="bar" x="{Number(index * step)}" y="{Number(HistogramHeight - height)}" width="{Number(step - 1)}" height="{Number(height)}"><title>{bar.Label}: {bar.Rows} rows</title></rect>""");
        });
        var description = $"Histogram of {column.Column.Name}, from {column.Bars[0].Label} up to {column.Bars[^1].Label}; the fullest bin holds {most:N0} rows";
        return Html.Of(
            $"""<svg role="img" aria-label="{description}" width="{Whole(Width)}" height="{Whole(HistogramHeight + 1)}" viewBox="0 0 {Whole(Width)} {Whole(HistogramHeight + 1)}">{Html.Join(bars)}<rect class="track" x="0" y="{Whole(HistogramHeight)}" width="{Whole(Width)}" height="1"/></svg>""");
    }

    /// <summary>One bar per run, the oldest first; runs in which the expectation did not hold stand out. Strokes on whole pixels, as a page has a thousand of these.</summary>
    public static Html Timeline(string description, IReadOnlyList<(double Height, bool Good)> runs)
    {
        const int height = 40;
        const int widest = 24;
        var most = Math.Max(double.Epsilon, runs.Max(run => run.Height));
        var step = Math.Clamp(Width / runs.Count, 2, widest);
        Html Strokes(bool good, string style)
        {
            var marks = string.Concat(runs.Index().Where(run => run.Item.Good == good).Select(run =>
            {
                var tall = run.Item.Height <= 0 ? 1 : Math.Max(2, (int)Math.Round(run.Item.Height * height / most));
                return $"M{Whole((run.Index * step) + (step / 2))} {Whole(height)}v-{Whole(tall)}";
            }));
            return marks.Length == 0 ? Html.Empty : Html.Of($"""<path class="{style}" d="{marks}"/>""");
        }

        return Html.Of(
            $"""<svg role="img" aria-label="{description}" width="{Whole(step * runs.Count)}" height="{Whole(height)}" stroke-width="{Whole(step - 1)}">{Strokes(good: true, "run")}{Strokes(good: false, "run poor")}</svg>""");
    }

    private static Html Bars(ColumnProfile column)
    {
        var shown = column.Bars.Take(MostRows).ToList();
        var most = Math.Max(1, shown.Max(bar => bar.Rows));
        const int room = Width - LabelWidth - CountWidth;
        var rows = shown.Select((bar, index) =>
        {
            var y = index * RowHeight;
            return Html.Of(
                $"""<g><title>{bar.Label}: {bar.Rows} rows</title><text x="0" y="{Whole(y + 11)}">{Shorten(bar.Label)}</text><rect class="bar" x="{Whole(LabelWidth)}" y="{Whole(y + 3)}" width="{Number(Math.Max(1, bar.Rows * (double)room / most))}" height="9"/><text class="q" x="{Whole(Width)}" y="{Whole(y + 11)}" text-anchor="end">{bar.Rows}</text></g>""");
        });
        var description = $"Most frequent values of {column.Column.Name}: {string.Join(", ", shown.Select(bar => $"{bar.Label} {bar.Rows:N0}"))}";
        var height = shown.Count * RowHeight;
        return Html.Of(
            $"""<svg role="img" aria-label="{description}" width="{Whole(Width)}" height="{Whole(height)}" viewBox="0 0 {Whole(Width)} {Whole(height)}">{Html.Join(rows)}</svg>""");
    }

    private static string Shorten(string label) => label.Length <= 17 ? label : string.Concat(label.AsSpan(0, 16), "…");

    private static string Number(double value) => value.ToString("0.##");

    private static string Whole(int value) => value.ToString();
}
