using System.Globalization;
using System.Net;
using System.Text;

namespace EcomWorkflows.Pipeline.Training.Reports;

/// <summary>Small charts as plain SVG: no script, readable in print and by screen readers (each has a title; the tables beside them hold the figures).</summary>
internal static class SvgCharts
{
    private const int Side = 340;

    private const int Margin = 52;

    /// <summary>Sides a corner of the unit square may have.</summary>
    private static readonly double[] Corners = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];

    private static readonly string[] Colours = ["#0b5fa5", "#c2410c", "#4d7c0f", "#7c3aed", "#0e7490", "#9d174d"];

    internal sealed record Series(string Name, IReadOnlyList<(double X, double Y)> Points);

    /// <summary>Lines in the unit square, with the diagonal as reference.</summary>
    internal static string UnitSquare(string title, string xLabel, string yLabel, IReadOnlyList<Series> series, bool markers) =>
        Plot(title, xLabel, yLabel, series, markers, 0, 1, (0, 1));

    /// <summary>As <see cref="UnitSquare"/>, of the corner that holds the points: where positives are rare, all probabilities are small.</summary>
    internal static string UnitCorner(string title, string xLabel, string yLabel, IReadOnlyList<Series> series, bool markers)
    {
        double largest = series.SelectMany(one => one.Points).SelectMany(point => new[] { point.X, point.Y }).Where(double.IsFinite).DefaultIfEmpty(1).Max();
        double side = Corners.First(corner => corner >= Math.Min(1, largest));
        Series[] scaled = [.. series.Select(one => new Series(one.Name, [.. one.Points.Select(point => (point.X / side, point.Y))]))];
        return Plot(title, xLabel, yLabel, scaled, markers, 0, side, (0, side), side);
    }

    /// <summary>Lines over shares from 0 to 1, with values of any size and zero as reference.</summary>
    internal static string OverShares(string title, string xLabel, string yLabel, IReadOnlyList<Series> series)
    {
        double[] values = [0, .. series.SelectMany(one => one.Points).Select(point => point.Y).Where(double.IsFinite)];
        (double low, double high) = (values.Min(), values.Max());
        return Plot(title, xLabel, yLabel, series, markers: false, low, high > low ? high : low + 1, (0, 0));
    }

    /// <param name="reference">Values of the reference line at both ends.</param>
    /// <param name="widest">What the right end of the x axis stands for.</param>
    private static string Plot(
        string title, string xLabel, string yLabel, IReadOnlyList<Series> series, bool markers, double low, double high, (double Left, double Right) reference,
        double widest = 1)
    {
        double Place(double value) => Y((value - low) / (high - low));
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""<svg role="img" aria-label="{Html(title)}" viewBox="0 0 {Side + 20} {Side + 20}" width="{Side + 20}" height="{Side + 20}"><title>{Html(title)}</title>""");
        for (int tick = 0; tick <= 5; tick++)
        {
            double share = tick / 5.0;
            double value = low + (share * (high - low));
            svg.Append(CultureInfo.InvariantCulture, $"""<line x1="{X(share):F1}" y1="{Y(0):F1}" x2="{X(share):F1}" y2="{Y(1):F1}" class="grid"/><line x1="{X(0):F1}" y1="{Y(share):F1}" x2="{X(1):F1}" y2="{Y(share):F1}" class="grid"/>""");
            svg.Append(CultureInfo.InvariantCulture, $"""<text x="{X(share):F1}" y="{Y(0) + 16:F1}" text-anchor="middle">{Tick(share * widest)}</text><text x="{X(0) - 6:F1}" y="{Y(share) + 4:F1}" text-anchor="end">{Tick(value)}</text>""");
        }

        svg.Append(CultureInfo.InvariantCulture, $"""<line x1="{X(0):F1}" y1="{Place(reference.Left):F1}" x2="{X(1):F1}" y2="{Place(reference.Right):F1}" class="reference"/>""");
        for (int i = 0; i < series.Count; i++)
            Draw(svg, series[i], i, markers, Place);
        svg.Append(CultureInfo.InvariantCulture, $"""<text x="{X(0.5):F1}" y="{Side + 14}" text-anchor="middle">{Html(xLabel)}</text><text transform="translate(12 {Y(0.5):F1}) rotate(-90)" text-anchor="middle">{Html(yLabel)}</text></svg>""");
        return svg.ToString();
    }

    private static string Tick(double value) => Math.Abs(value) switch
    {
        0 or (< 10 and >= 0.2) => value.ToString("0.0", CultureInfo.InvariantCulture),
        < 0.2 => value.ToString("0.###", CultureInfo.InvariantCulture),
        < 10_000 => value.ToString("0", CultureInfo.InvariantCulture),
        < 1_000_000 => (value / 1_000).ToString("0", CultureInfo.InvariantCulture) + "k",
        _ => (value / 1_000_000).ToString("0.#", CultureInfo.InvariantCulture) + "M",
    };

    /// <summary>One horizontal bar per row; negative values are drawn in the second colour.</summary>
    internal static string Bars(string title, IReadOnlyList<(string Label, double Length, bool Second, string Text)> bars)
    {
        const int RowHeight = 24;
        const int LabelWidth = 210;
        const int BarWidth = 330;
        double longest = bars.Count == 0 ? 1 : Math.Max(bars.Max(bar => bar.Length), double.Epsilon);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""<svg role="img" aria-label="{Html(title)}" viewBox="0 0 {LabelWidth + BarWidth + 120} {(bars.Count * RowHeight) + 8}" width="{LabelWidth + BarWidth + 120}" height="{(bars.Count * RowHeight) + 8}"><title>{Html(title)}</title>""");
        for (int i = 0; i < bars.Count; i++)
        {
            (string label, double length, bool second, string text) = bars[i];
            double width = BarWidth * length / longest;
            int top = i * RowHeight;
            svg.Append(CultureInfo.InvariantCulture, $"""<text x="{LabelWidth - 8}" y="{top + 17}" text-anchor="end">{Html(label)}</text><rect x="{LabelWidth}" y="{top + 4}" width="{width:F1}" height="16" fill="{Colours[second ? 1 : 0]}"/><text x="{LabelWidth + width + 6:F1}" y="{top + 17}">{Html(text)}</text>""");
        }

        return svg.Append("</svg>").ToString();
    }

    private static void Draw(StringBuilder svg, Series series, int index, bool markers, Func<double, double> place)
    {
        string colour = Colours[index % Colours.Length];
        string points = string.Join(' ', series.Points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.X):F1},{place(point.Y):F1}")));
        svg.Append($"""<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"{(index % 2 == 1 ? " stroke-dasharray=\"6 3\"" : "")}/>""");
        if (markers)
        {
            foreach ((double x, double y) in series.Points)
                svg.Append(CultureInfo.InvariantCulture, $"""<circle cx="{X(x):F1}" cy="{place(y):F1}" r="3.5" fill="{colour}"/>""");
        }

        svg.Append(CultureInfo.InvariantCulture, $"""<line x1="{X(0.42):F1}" x2="{X(0.5):F1}" y1="{Y(0.08 + (0.07 * index)):F1}" y2="{Y(0.08 + (0.07 * index)):F1}" stroke="{colour}" stroke-width="3"/><text x="{X(0.52):F1}" y="{Y(0.08 + (0.07 * index)) + 4:F1}">{Html(series.Name)}</text>""");
    }

    private static double X(double value) => Margin + (value * (Side - Margin));

    private static double Y(double value) => Side - Margin + 12 - (value * (Side - Margin));

    private static string Html(string text) => WebUtility.HtmlEncode(text);
}
