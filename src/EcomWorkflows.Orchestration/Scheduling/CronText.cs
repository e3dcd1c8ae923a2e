using System.Diagnostics.CodeAnalysis;
using Quartz;

namespace EcomWorkflows.Orchestration.Scheduling;

/// <summary>The cron dialects a schedule may be written in: five-field Unix, six- or seven-field Quartz, and Airflow's presets.</summary>
public static class CronText
{
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

    /// <summary>What a message about a bad schedule says is allowed.</summary>
    public static string Allowed { get; } =
        $"five-field cron (minute hour day month weekday: '30 3 * * *'), Quartz cron with seconds ('0 30 3 * * ?'), or one of {string.Join(", ", Presets.Keys)}";

    /// <summary>Reads one schedule; false with the reason when it is none of the dialects or can never fire.</summary>
    public static bool TryParse(string text, TimeZoneInfo zone, [NotNullWhen(true)] out CronExpression? expression, [NotNullWhen(false)] out string? problem)
    {
        expression = null;
        var trimmed = text.Trim();
        if (trimmed.StartsWith('@') && !Presets.ContainsKey(trimmed))
        {
            problem = $"'{trimmed}' is not a known preset";
            return false;
        }
        var cron = Presets.GetValueOrDefault(trimmed, trimmed);
        var fields = cron.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Length;
        if (fields is not (5 or 6 or 7))
        {
            problem = $"'{trimmed}' has {fields} field{(fields == 1 ? "" : "s")}";
            return false;
        }
        try
        {
            expression = CronExpression.Parse(cron, fields == 5 ? CronFormat.Unix : CronFormat.Quartz).WithTimeZone(zone);
            problem = null;
            return true;
        }
        catch (FormatException failure)
        {
            problem = $"'{trimmed}' cannot be read: {failure.Message.TrimEnd('.')}";
            return false;
        }
    }
}
