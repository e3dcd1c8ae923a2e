namespace EcomWorkflows.DuckDB.Native;

/// <summary>DuckDB's counts since 1970 of .NET's dates and times.</summary>
internal static class NativeTime
{
    private static readonly int Epoch = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    public static int Days(DateOnly date) => date.DayNumber - Epoch;

    /// <summary>A local time becomes UTC; one without a kind is taken as UTC. What is finer than a microsecond is cut off.</summary>
    public static long Micros(DateTime time) =>
        ((time.Kind == DateTimeKind.Local ? time.ToUniversalTime() : time).Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
}
