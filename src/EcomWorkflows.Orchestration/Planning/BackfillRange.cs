using System.Globalization;

namespace EcomWorkflows.Orchestration.Planning;

/// <summary>The ends of a backfill's range as people write them.</summary>
public static class BackfillRange
{
    /// <summary>Reads one end; a date alone is that whole day in the time zone, a time without an offset is UTC.</summary>
    /// <param name="isEnd">Whether it is the last date: a day then counts to its end.</param>
    public static bool TryParse(string text, TimeZoneInfo zone, bool isEnd, out DateTimeOffset at)
    {
        if (!DateOnly.TryParseExact(text.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) || day == DateOnly.MaxValue)
            return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out at);
        at = isEnd ? Midnight(day.AddDays(1), zone).AddMilliseconds(-1) : Midnight(day, zone);
        return true;
    }

    private static DateTimeOffset Midnight(DateOnly day, TimeZoneInfo zone)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(midnight, zone.GetUtcOffset(midnight)).ToUniversalTime();
    }
}
