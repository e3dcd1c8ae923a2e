using System.Globalization;

namespace EcomWorkflows.Pipeline.Reporting;

/// <summary>Small charts as plain SVG: no script, readable in print and by screen readers (each has a title; the tables beside them hold the figures).</summary>
internal static class SvgCharts
{
    private const int Side = 340;

    private const int Margin = 52;

    /// <summary>Wider: the title of the axis stands beside its longest tick labels.</summary>
    private const int LeftMargin = 68;

    /// <summary>Sides a corner of the unit square may have.</summary>
    private static readonly double[] Corners = [.. Enumerable.Range(-5, 5).SelectMany(power => new[] { 1, 2, 5 }.Select(digit => digit * Math.Pow(10, power))), 1];

    internal sealed record Series(string Name, IReadOnlyList<(double X, double Y)> Points);

    /// <summary>Lines in the unit square, with the diagonal as reference.</summary>
    internal static Html UnitSquare(string title, string xLabel, string yLabel, IReadOnlyList<Series> series, bool markers) =>
        Plot(title, xLabel, yLabel, series, markers, 0, 1, (0, 1));

    /// <summary>As <see cref="UnitSquare"/>, of the corner that holds the points: where positives are rare, all probabilities are small.</summary>
    internal static Html UnitCorner(string title, string xLabel, string yLabel, IReadOnlyList<Series> series, bool markers)
    {
        double largest = series.SelectMany(one => one.Points).SelectMany(point => new[] { point.X, point.Y }).Where(double.IsFinite).DefaultIfEmpty(1).Max();
        double side = Corners.First(corner => corner >= Math.Min(1, largest));
        Series[] scaled = [.. series.Select(one => new Series(one.Name, [.. one.Points.Select(point => (point.X / side, point.Y))]))];
        return Plot(title, xLabel, yLabel, scaled, markers, 0, side, (0, side), side);
    }

    /// <summary>Lines over shares from 0 to 1, with values of any size and zero as reference.</summary>
    internal static Html OverShares(string title, string xLabel, string yLabel, IReadOnlyList<Series> series)
    {
        double[] values = [0, .. series.SelectMany(one => one.Points).Select(point => point.Y).Where(double.IsFinite)];
        (double low, double high) = (values.Min(), values.Max());
        return Plot(title, xLabel, yLabel, series, markers: false, low, high > low ? high : low + 1, (0, 0));
    }

    /// <param name="reference">Values of the reference line at both ends.</param>
    /// <param name="widest">What the right end of the x axis stands for.</param>
    private static Html Plot(
        string title, string xLabel, string yLabel, IReadOnlyList<Series> series, bool markers, double low, double high, (double Left, double Right) reference,
        double widest = 1)
    {
        string Place(double value) => Y((value - low) / (high - low));
        var ticks = Enumerable.Range(0, 6).Select(tick => tick / 5.0).Select(share => Html.Of(
            $"""
            <line x1="{X(share)}" y1="{Y(0)}" x2="{X(share)}" y2="{Y(1)}" class="grid"/><line x1="{X(0)}" y1="{Y(share)}" x2="{X(1)}" y2="{Y(share)}" class="grid"/><text x="{X(share)}" y="{Y(0, 16)}" text-anchor="middle">{Tick(share * widest)}</text><text x="{X(0, -6)}" y="{Y(share, 4)}" text-anchor="end">{Tick(low + (share * (high - low)))}</text>
            """));
        return Drawing(title, LeftMargin + Side - Margin + 20, Side + 20, Html.Of(
            $"""
            {Html.Join(ticks)}<line x1="{X(0)}" y1="{Place(reference.Left)}" x2="{X(1)}" y2="{Place(reference.Right)}" class="reference"/>{Html.Join(series.Select((one, i) => Line(one, i, markers, Place)))}<text x="{X(0.5)}" y="{Number(Side + 14)}" text-anchor="middle">{xLabel}</text><text transform="translate(12 {Y(0.5)}) rotate(-90)" text-anchor="middle">{yLabel}</text>
            """));
    }

    private static string Tick(double value) => Math.Abs(value) switch
    {
        0 or (< 10 and >= 0.2) => value.ToString("0.0", CultureInfo.InvariantCulture),
        < 0.2 => value.ToString("0.######", CultureInfo.InvariantCulture),
        < 10_000 => value.ToString("0", CultureInfo.InvariantCulture),
        < 1_000_000 => (value / 1_000).ToString("0", CultureInfo.InvariantCulture) + "k",
        _ => (value / 1_000_000).ToString("0.#", CultureInfo.InvariantCulture) + "M",
    };

    /// <summary>One horizontal bar per row; those of the second kind are drawn in the second colour.</summary>
    internal static Html Bars(string title, IReadOnlyList<(string Label, double Length, bool Second, string Text)> bars)
    {
        const int rowHeight = 24;
        const int labelWidth = 210;
        const int barWidth = 330;
        double longest = bars.Count == 0 ? 1 : Math.Max(bars.Max(bar => bar.Length), double.Epsilon);
        return Drawing(title, labelWidth + barWidth + 120, (bars.Count * rowHeight) + 8, Html.Join(bars.Select((bar, i) =>
        {
            double width = barWidth * bar.Length / longest;
            int top = i * rowHeight;
            return Html.Of(
                $"""
                <text x="{Number(labelWidth - 8)}" y="{Number(top + 17)}" text-anchor="end">{bar.Label}</text><rect class="{Colour(bar.Second ? 1 : 0)}" x="{Number(labelWidth)}" y="{Number(top + 4)}" width="{Number(width)}" height="16" fill="currentColor"/><text x="{Number(labelWidth + width + 6)}" y="{Number(top + 17)}">{bar.Text}</text>
                """);
        })));
    }

    private static Html Drawing(string title, int width, int height, Html content) => Html.Of(
        $"""<svg class="chart" role="img" aria-label="{title}" viewBox="0 0 {Number(width)} {Number(height)}" width="{Number(width)}" height="{Number(height)}"><title>{title}</title>{content}</svg>""");

    private static Html Line(Series series, int index, bool markers, Func<double, string> place)
    {
        string points = string.Join(' ', series.Points.Select(point => $"{X(point.X)},{place(point.Y)}"));
        string dashes = index % 2 == 1 ? "6 3" : "none";
        var circles = markers
            ? Html.Join(series.Points.Select(point => Html.Of($"""<circle cx="{X(point.X)}" cy="{place(point.Y)}" r="3.5" fill="currentColor"/>""")))
            : Html.Empty;
        double row = 0.08 + (0.07 * index);
        return Html.Of(
            $"""
            <g class="{Colour(index)}"><polyline points="{points}" fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="{dashes}"/>{circles}<line x1="{X(0.42)}" x2="{X(0.5)}" y1="{Y(row)}" y2="{Y(row)}" stroke="currentColor" stroke-width="3"/></g><text x="{X(0.52)}" y="{Y(row, 4)}">{series.Name}</text>
            """);
    }

    private static string Colour(int index) => $"s{Number(index % ReportStyle.SeriesColours)}";

    private static string X(double value, double beside = 0) => Number(LeftMargin + (value * (Side - Margin)) + beside);

    private static string Y(double value, double below = 0) => Number(Side - Margin + 12 - (value * (Side - Margin)) + below);

    private static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
