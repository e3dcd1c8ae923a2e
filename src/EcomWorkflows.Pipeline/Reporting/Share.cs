using System.Globalization;

namespace EcomWorkflows.Pipeline.Reporting;

/// <summary>Shares for people: of a rare outcome three digits that count, of any other a fixed number.</summary>
internal static class Share
{
    /// <summary>For example <c>0.042</c>, and <c>0.000371</c> where that would be 0.000.</summary>
    /// <param name="digits">After the point, of a share that is not rare.</param>
    internal static string Number(double share, int digits = 3) => Text(share, digits);

    /// <summary>For example <c>4.2 %</c>, and <c>0.0371 %</c> where that would be 0.0 %.</summary>
    internal static string Percent(double share) => $"{Text(100 * share, digits: 1)} %";

    private static string Text(double value, int digits)
    {
        double size = Math.Abs(value);
        bool rare = size > 0 && size < Math.Pow(10, 1 - digits);
        int places = rare ? Math.Min(10, 2 - (int)Math.Floor(Math.Log10(size))) : digits;
        return value.ToString($"F{places}", CultureInfo.InvariantCulture);
    }
}
