namespace EcomWorkflows.DuckDB;

/// <summary>DuckDB's INTERVAL: months, days and microseconds are kept apart because their lengths vary.</summary>
public readonly record struct DuckDbInterval(int Months, int Days, long Microseconds)
{
    /// <exception cref="InvalidCastException">When the interval has months, which have no fixed length.</exception>
    public TimeSpan ToTimeSpan() => Months == 0
        ? new TimeSpan(Days * TimeSpan.TicksPerDay + Microseconds * TimeSpan.TicksPerMicrosecond)
        : throw new InvalidCastException($"an interval with {Months} months has no fixed length; read it as DuckDbInterval.");

    public static DuckDbInterval From(TimeSpan value) =>
        new(0, (int)(value.Ticks / TimeSpan.TicksPerDay), value.Ticks % TimeSpan.TicksPerDay / TimeSpan.TicksPerMicrosecond);
}
