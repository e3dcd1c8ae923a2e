using EcomWorkflows.Orchestration.Dags;

namespace EcomWorkflows.Orchestration.Tests.Scheduling;

/// <summary>
/// An independent reading of five-field cron: walks every minute of time and looks at the clock on the wall. It knows nothing of the code under test; slow, and simple
/// enough to be believed.
/// </summary>
internal sealed class BruteForceCron(string cron, TimeZoneInfo zone, SkippedTime skipped, RepeatedTime repeated)
{
    private readonly string[] fields = cron.Split(' ');

    private bool IsElapsed => Set(fields[1], 0, 23).Count == 24;

    public List<DateTimeOffset> Scan(DateTimeOffset from, DateTimeOffset until)
    {
        var fires = new SortedSet<DateTimeOffset>();
        for (var t = from.AddMinutes(1); t <= until; t = t.AddMinutes(1))
        {
            var (before, now) = (zone.GetUtcOffset(t.AddMinutes(-1)), zone.GetUtcOffset(t));
            if (Matches(t.UtcDateTime + now) && (IsElapsed || IsChosen(t, now)))
                fires.Add(t);
            // Clocks went forward since the minute before: the readings in between do not exist.
            if (!IsElapsed && skipped == SkippedTime.Shift && now > before && Minutes(t.UtcDateTime + before, t.UtcDateTime + now).Any(Matches))
                fires.Add(t);
        }
        return [.. fires];
    }

    /// <summary>Whether this is the half of a repeated reading that the policy wants: looks for the same reading within a day before and after.</summary>
    private bool IsChosen(DateTimeOffset t, TimeSpan offset)
    {
        if (repeated == RepeatedTime.Both)
            return true;
        var reading = t.UtcDateTime + offset;
        var step = repeated == RepeatedTime.First ? -1 : 1;
        for (var minutes = 1; minutes <= 180; minutes++)
        {
            var other = t.AddMinutes(step * minutes);
            if (other.UtcDateTime + zone.GetUtcOffset(other) == reading)
                return false;
        }
        return true;
    }

    private bool Matches(DateTime reading)
    {
        var day = Set(fields[2], 1, 31).Contains(reading.Day);
        var weekday = Set(fields[4], 0, 7).Select(d => d % 7).Contains((int)reading.DayOfWeek);
        // Where both are restricted, one of them is enough: cron's oldest surprise.
        var date = fields[2] == "*" || fields[4] == "*" ? day && weekday : day || weekday;
        return date && Set(fields[0], 0, 59).Contains(reading.Minute) && Set(fields[1], 0, 23).Contains(reading.Hour) && Set(fields[3], 1, 12).Contains(reading.Month);
    }

    private static IEnumerable<DateTime> Minutes(DateTime from, DateTime until)
    {
        for (var t = from; t < until; t = t.AddMinutes(1))
            yield return t;
    }

    private readonly Dictionary<(string, int, int), HashSet<int>> sets = [];

    private HashSet<int> Set(string field, int low, int high)
    {
        if (sets.TryGetValue((field, low, high), out var known))
            return known;
        var set = new HashSet<int>();
        foreach (var part in field.Split(','))
        {
            var (range, step) = part.Split('/') is [var r, var s] ? (r, int.Parse(s)) : (part, 1);
            var (from, to) = range == "*" ? (low, high) : range.Split('-') is [var a, var b] ? (int.Parse(a), int.Parse(b)) : (int.Parse(range), int.Parse(range));
            for (var value = from; value <= to; value += step)
                set.Add(value);
        }
        return sets[(field, low, high)] = set;
    }
}
