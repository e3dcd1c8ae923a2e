using System.Globalization;
using System.Text.RegularExpressions;

namespace EcomWorkflows.Orchestration.Scheduling;

/// <summary>The length of a fixed interval as people write it: <c>15m</c>, <c>36h</c>, <c>1h30m</c>, <c>2w</c>.</summary>
internal static partial class IntervalText
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    /// <summary>Where fixed intervals count from when the DAG has no start date: a Monday, so that <c>every 1w</c> fires on Mondays.</summary>
    public static readonly DateTimeOffset Anchor = new(1970, 1, 5, 0, 0, 0, TimeSpan.Zero);

    public static bool TryParse(string text, out TimeSpan step, out string? problem)
    {
        step = TimeSpan.Zero;
        var match = Pattern().Match(text.Trim());
        if (!match.Success)
        {
            problem = "after 'every' comes a length such as 15m, 36h, 1h30m, 1d or 2w";
            return false;
        }
        var seconds = 0m;
        foreach (var (group, unit) in new[] { ("w", 604_800m), ("d", 86_400m), ("h", 3_600m), ("m", 60m), ("s", 1m) })
        {
            if (match.Groups[group].Success)
                seconds += decimal.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture) * unit;
        }
        if (seconds < 1 || seconds > (decimal)Longest.TotalSeconds)
        {
            problem = "an interval has 1 second to 366 days";
            return false;
        }
        step = TimeSpan.FromSeconds((double)seconds);
        problem = null;
        return true;
    }

    [GeneratedRegex(@"^(?=\d)((?<w>\d{1,6})w)? ?((?<d>\d{1,6})d)? ?((?<h>\d{1,6})h)? ?((?<m>\d{1,8})m)? ?((?<s>\d{1,9})s)?\z", RegexOptions.IgnoreCase)]
    private static partial Regex Pattern();
}
