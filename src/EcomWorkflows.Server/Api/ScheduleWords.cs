using System.Globalization;
using EcomWorkflows.Orchestration.Dags;

namespace EcomWorkflows.Server.Api;

/// <summary>Says a schedule in words, where it is one of the usual forms; otherwise shows the cron text.</summary>
internal static class ScheduleWords
{
    private static readonly string[] Days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

    public static string Describe(DagSettings settings) => (settings.Schedule.Count, settings.AssetSchedule) switch
    {
        (0, null) => "Only by hand",
        (0, { } assets) => $"When updated: {assets}",
        (_, null) => ByTime(settings),
        (_, { } assets) => $"{ByTime(settings)}; when updated: {assets}",
    };

    private static string ByTime(DagSettings settings) =>
        string.Join("; ", settings.Schedule.Select(Describe)) + (settings.Schedule.Any(s => s != "@hourly") ? $", {settings.TimeZone}" : "");

    private static string Describe(string schedule) => schedule switch
    {
        "@hourly" => "Every hour",
        "@daily" or "@midnight" => "Every day at 00:00",
        "@weekly" => "Every Sunday at 00:00",
        "@monthly" => "On day 1 of every month at 00:00",
        "@quarterly" => "On the first day of every quarter at 00:00",
        "@once" => "Once, at the start date",
        "@yearly" or "@annually" => "Every 1 January at 00:00",
        _ when schedule.StartsWith("every ", StringComparison.OrdinalIgnoreCase) => $"Every {schedule["every ".Length..].Trim()}",
        _ => schedule.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var minute, var hour, var day, var month, var weekday]
            ? Describe(minute, hour, day, month, weekday) ?? $"Cron {schedule}"
            : $"Cron {schedule}",
    };

    private static string? Describe(string minute, string hour, string day, string month, string weekday)
    {
        if (month != "*")
            return null;
        if ((day, weekday, hour) == ("*", "*", "*"))
        {
            if (minute == "*")
                return "Every minute";
            if (minute.StartsWith("*/", StringComparison.Ordinal) && Number(minute[2..]) is { } step)
                return $"Every {step} minutes";
            return Number(minute) is { } past ? $"Every hour at {past:00} minutes past" : null;
        }
        if (Number(minute) is not { } m || Number(hour) is not { } h)
            return null;
        return (day, weekday) switch
        {
            ("*", "*") => $"Every day at {h:00}:{m:00}",
            ("*", "1-5") => $"Monday to Friday at {h:00}:{m:00}",
            ("*", _) when Number(weekday) is { } d and <= 7 => $"Every {Days[d]} at {h:00}:{m:00}",
            (_, "*") when Number(day) is { } d => $"On day {d} of every month at {h:00}:{m:00}",
            _ => null,
        };
    }

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
