namespace EcomWorkflows.Orchestration.Scheduling;

/// <summary>A fixed interval in elapsed time, whatever the clocks do: every <paramref name="step"/> from <paramref name="anchor"/> on, and before it.</summary>
internal sealed class IntervalTimes(TimeSpan step, DateTimeOffset anchor) : FireTimes
{
    public override DateTimeOffset? NextAfter(DateTimeOffset after) => At(Index(after) + 1);

    public override DateTimeOffset? LastUntil(DateTimeOffset at) => At(Index(at));

    private long Index(DateTimeOffset at)
    {
        var ticks = (at - anchor).Ticks;
        return ticks >= 0 ? ticks / step.Ticks : -((-ticks + step.Ticks - 1) / step.Ticks);
    }

    private DateTimeOffset At(long index) => anchor.ToUniversalTime() + step * index;
}
