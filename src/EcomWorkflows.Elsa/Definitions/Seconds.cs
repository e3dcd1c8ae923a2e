namespace EcomWorkflows.Elsa.Definitions;

/// <summary>Durations are seconds in documents; a number too big for a <see cref="TimeSpan"/> becomes the biggest, so that range checks see it.</summary>
internal static class Seconds
{
    private const double Largest = 900_000_000_000;

    public static TimeSpan ToTimeSpan(double seconds) =>
        double.IsNaN(seconds) ? TimeSpan.MinValue
        : seconds >= Largest ? TimeSpan.MaxValue
        : seconds <= -Largest ? TimeSpan.MinValue
        : TimeSpan.FromTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond));

    public static TimeSpan? ToTimeSpan(double? seconds) => seconds is { } given ? ToTimeSpan(given) : null;
}
