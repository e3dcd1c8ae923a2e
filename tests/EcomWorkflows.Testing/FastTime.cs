namespace EcomWorkflows.Testing;

/// <summary>The system's clock, on which every wait is over after a hundredth of its time.</summary>
public sealed class FastTime : TimeProvider
{
    private int waits;

    /// <summary>How many waits were begun.</summary>
    public int Waits => Volatile.Read(ref waits);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Interlocked.Increment(ref waits);
        return System.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? dueTime / 100 : dueTime, period);
    }
}
