using System.Globalization;

namespace EcomWorkflows.Server.Dashboards;

/// <summary>How values are written on pages.</summary>
internal static class Show
{
    /// <summary>Two units at the most: <c>850 ms</c>, <c>12.3 s</c>, <c>4 min 7 s</c>, <c>2 h 5 min</c>, <c>3 d 4 h</c>, <c>7 d</c>.</summary>
    public static string Duration(TimeSpan span) => span switch
    {
        { TotalSeconds: < 0 } => "0 s",
        { TotalSeconds: < 1 } => $"{span.TotalMilliseconds:0} ms",
        { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.0} s"),
        { TotalMinutes: < 60 } => $"{span.Minutes} min {span.Seconds} s",
        { TotalHours: < 24 } => $"{span.Hours} h {span.Minutes} min",
        { Hours: 0 } => $"{(int)span.TotalDays} d",
        _ => $"{(int)span.TotalDays} d {span.Hours} h",
    };

    public static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Minute(DateTimeOffset at) => at.UtcDateTime.ToString("d MMM yyyy, HH:mm", CultureInfo.InvariantCulture);

    public static string Iso(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    public static string Number(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A share of 0 to 1 in percent, with one digit.</summary>
    public static string Percent(double share) => share.ToString("P1", CultureInfo.InvariantCulture);

    /// <summary>Bytes in the largest unit that leaves at least one digit before the point: <c>812 B</c>, <c>11.7 MB</c>.</summary>
    public static string Size(long bytes) => bytes switch
    {
        < 1_000 => $"{bytes} B",
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.#} kB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.#} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.#} GB"),
    };

    public static string Coordinate(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>State in words: <c>upstream_failed</c> → <c>upstream failed</c>, <c>none</c> → <c>waiting</c>.</summary>
    public static string State(string state) => state == "none" ? "waiting" : state.Replace('_', ' ');

    /// <summary>A sign besides the colour, so that a state can be told without seeing colours.</summary>
    public static string Sign(string state) => state switch
    {
        "success" => "✓",
        "failed" => "✕",
        "running" or "restarting" => "▸",
        "queued" or "scheduled" or "suspended" => "◷",
        "cancelled" => "■",
        "interrupted" => "⚡",
        "up_for_retry" or "up_for_reschedule" => "↻",
        "upstream_failed" => "⊘",
        "skipped" or "removed" => "»",
        "fenced" => "⊗",
        _ => "·",
    };
}
