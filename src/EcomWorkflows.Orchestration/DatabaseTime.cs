namespace EcomWorkflows.Orchestration;

/// <summary>
/// The database's time as a clock: a machine's own clock, moved by as much as it was last seen to differ from the database's. Nodes whose clocks differ agree by it
/// on what is due. <see cref="Execution.ClockComparison"/> does the looking; until its first look the machine's clock is believed.
/// </summary>
/// <param name="clock">The machine's clock.</param>
public sealed class DatabaseTime(TimeProvider clock) : TimeProvider
{
    private long offset;

    /// <summary>What is added to the machine's clock; positive where that is slow.</summary>
    public TimeSpan Offset => new(Interlocked.Read(ref offset));

    public override TimeZoneInfo LocalTimeZone => clock.LocalTimeZone;

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow() + Offset;

    public override long GetTimestamp() => clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => clock.CreateTimer(callback, state, dueTime, period);

    /// <summary>What a library that reads the machine's clock itself must be given to act at a moment.</summary>
    public DateTimeOffset OnMachineClock(DateTimeOffset moment) => moment - Offset;

    /// <summary>Takes in one look at the database's clock. A difference within the time the look took says nothing and counts as none.</summary>
    /// <param name="asked">This clock when the database was asked.</param>
    /// <param name="answer">The database's.</param>
    /// <param name="answered">This clock when the answer came.</param>
    public void Follow(DateTimeOffset asked, DateTimeOffset answer, DateTimeOffset answered)
    {
        var half = (answered - asked) / 2;
        var difference = answer - (asked + half) + Offset;
        Interlocked.Exchange(ref offset, difference.Duration() <= half ? 0 : difference.Ticks);
    }
}
