using System.Globalization;
using System.Text.RegularExpressions;
using EcomWorkflows.Pipeline.Reporting;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Reporting;

public sealed partial class When_figures_are_shown
{
    [Theory]
    [InlineData(0.1234, 3, "0.123")]
    [InlineData(0.1234, 4, "0.1234")]
    [InlineData(0.000385, 3, "0.000385")]
    [InlineData(0.000385, 4, "0.000385")]
    [InlineData(0.00386, 4, "0.0039")]
    [InlineData(0, 4, "0.0000")]
    public void A_rare_share_has_three_digits_that_count(double share, int digits, string text) => Share.Number(share, digits).ShouldBe(text);

    [Theory]
    [InlineData(0.0007, "0.001")]
    [InlineData(0.003, "0.005")]
    [InlineData(0.31, "0.5")]
    [InlineData(0.9, "1.0")]
    [InlineData(0, "0.00001")]
    public void The_axis_of_a_corner_ends_soon_after_its_points(double largest, string end)
    {
        string svg = SvgCharts.UnitCorner("t", "x", "y", [new SvgCharts.Series("s", [(0, 0), (largest, largest / 2)])], markers: true).Markup;

        Ticks().Matches(svg)[^1].Groups["text"].Value.ShouldBe(end);
    }

    [Fact]
    public void The_title_of_the_axis_stands_beside_its_tick_labels()
    {
        string svg = SvgCharts.UnitCorner("t", "x", "y", [new SvgCharts.Series("s", [(0, 0), (0.0007, 0.0004)])], markers: true).Markup;

        const double DigitWidth = 6.5;
        foreach (Match tick in Ticks().Matches(svg))
            (double.Parse(tick.Groups["x"].Value, CultureInfo.InvariantCulture) - (DigitWidth * tick.Groups["text"].Length)).ShouldBeGreaterThan(18, "the title's right edge");
    }

    [GeneratedRegex("""<text x="(?<x>[\d.]+)" y="[\d.]+" text-anchor="end">(?<text>[^<]+)</text>""")]
    private static partial Regex Ticks();
}
