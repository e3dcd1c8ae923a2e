using System.Diagnostics.CodeAnalysis;
using EcomWorkflows.Orchestration.Dags;
using Quartz;

namespace EcomWorkflows.Orchestration.Scheduling;

/// <summary>The forms a schedule may be written in: five-field Unix cron, six- or seven-field Quartz cron, fixed intervals and Airflow's presets.</summary>
public static class ScheduleText
{
    /// <summary>A DAG that runs one time, at its start date.</summary>
    public const string Once = "@once";

    private static readonly Dictionary<string, string> Presets = new(StringComparer.Ordinal)
    {
        ["@hourly"] = "0 * * * *",
        ["@daily"] = "0 0 * * *",
        ["@midnight"] = "0 0 * * *",
        ["@weekly"] = "0 0 * * 0",
        ["@monthly"] = "0 0 1 * *",
        ["@quarterly"] = "0 0 1 1,4,7,10 *",
        ["@yearly"] = "0 0 1 1 *",
        ["@annually"] = "0 0 1 1 *",
    };

    private static readonly HashSet<string> Months = new(StringComparer.OrdinalIgnoreCase) { "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC" };

    private static readonly HashSet<string> Weekdays = new(StringComparer.OrdinalIgnoreCase) { "SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT" };

    private static readonly char[] BetweenNames = [',', '-', '/', '#'];

    private static readonly HashSet<string> EveryHour = new(StringComparer.Ordinal) { "*", "*/1", "0/1", "0-23", "0-23/1" };

    /// <summary>What a message about a bad schedule says is allowed.</summary>
    public static string Allowed { get; } =
        "five-field cron (minute hour day month weekday: '30 3 * * *'), Quartz cron with seconds ('0 30 3 * * ?'), a fixed interval ('every 15m', 'every 36h'), "
        + $"or one of {string.Join(", ", Presets.Keys)}, {Once}";

    /// <summary>Reads one schedule; false with the reason when it has none of the forms or can never fire.</summary>
    internal static bool TryParse(
        string text, DagSettings settings, TimeZoneInfo zone, [NotNullWhen(true)] out FireTimes? times, [NotNullWhen(false)] out string? problem)
    {
        times = null;
        var trimmed = text.Trim();
        if (trimmed.Length == 0)
        {
            problem = "One of the schedules is empty: there is a '|' too many";
            return false;
        }
        if (trimmed.StartsWith("every ", StringComparison.OrdinalIgnoreCase))
            return TryParseInterval(trimmed, settings.StartDate, out times, out problem);
        if (trimmed == Once)
        {
            problem = settings.StartDate is null ? $"'{Once}' fires at the start date, and there is none: set startDate" : null;
            times = settings.StartDate is { } start ? new OnceTimes(start) : null;
            return times is not null;
        }
        if (trimmed.StartsWith('@') && !Presets.ContainsKey(trimmed))
        {
            problem = $"'{trimmed}' is not a known preset";
            return false;
        }
        return TryParseCron(trimmed, settings, zone, out times, out problem);
    }

    private static bool TryParseInterval(string text, DateTimeOffset? startDate, out FireTimes? times, out string? problem)
    {
        times = null;
        if (!IntervalText.TryParse(text["every ".Length..], out var step, out problem))
        {
            problem = $"'{text}' cannot be read: {problem}";
            return false;
        }
        times = new IntervalTimes(step, startDate ?? IntervalText.Anchor);
        return true;
    }

    private static bool TryParseCron(string text, DagSettings settings, TimeZoneInfo zone, out FireTimes? times, out string? problem)
    {
        times = null;
        var cron = Presets.GetValueOrDefault(text, text);
        var fields = cron.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length is not (5 or 6 or 7))
        {
            problem = $"'{text}' has {fields.Length} field{(fields.Length == 1 ? "" : "s")}";
            return false;
        }
        problem = Misspelt(text, fields[^(fields.Length == 7 ? 3 : 2)], Months, "month", "JAN to DEC or 1 to 12")
            ?? Misspelt(text, fields[^(fields.Length == 7 ? 2 : 1)].Replace("L", "", StringComparison.OrdinalIgnoreCase), Weekdays, "weekday", "SUN to SAT or a number");
        if (problem is not null)
            return false;
        try
        {
            var expression = CronExpression.Parse(cron, fields.Length == 5 ? CronFormat.Unix : CronFormat.Quartz).WithTimeZone(TimeZoneInfo.Utc);
            if (expression.GetNextValidTimeAfter(DateTimeOffset.UnixEpoch) is null)
            {
                problem = $"'{text}' never fires: there is no such day";
                return false;
            }
            var hour = fields[fields.Length == 5 ? 1 : 2];
            times = new CronTimes(expression, zone, EveryHour.Contains(hour), settings.SkippedTime, settings.RepeatedTime);
            problem = null;
            return true;
        }
        catch (FormatException failure)
        {
            problem = $"'{text}' cannot be read: {failure.Message.TrimEnd('.')}";
            return false;
        }
    }

    /// <summary>What is wrong with a word in a field of names; null where nothing is. Quartz looks at the first three letters only.</summary>
    private static string? Misspelt(string text, string field, HashSet<string> names, string what, string allowed) =>
        field.Split(BetweenNames).FirstOrDefault(word => word.Any(char.IsLetter) && !names.Contains(word)) is { } unknown
            ? $"'{text}' cannot be read: '{unknown}' is no {what}; allowed are {allowed}"
            : null;
}
