namespace EcomWorkflows.TestKit;

/// <summary>A clock that moves only when it is told to; timers made from it fire as it passes them, in order.</summary>
public sealed class VirtualTime(DateTimeOffset start) : TimeProvider
{
    private readonly Lock changing = new();
    private readonly PriorityQueue<(VirtualTimer Timer, long Version), (DateTimeOffset Due, long Order)> timers = new();
    private DateTimeOffset now = start;
    private long order;

    public override DateTimeOffset GetUtcNow()
    {
        lock (changing)
            return now;
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock forward; an instant that has passed moves nothing.</summary>
    public void AdvanceTo(DateTimeOffset instant)
    {
        while (true)
        {
            VirtualTimer timer;
            lock (changing)
            {
                if (!timers.TryPeek(out var next, out var at) || at.Due > instant)
                {
                    now = instant > now ? instant : now;
                    return;
                }
                timers.Dequeue();
                if (next.Timer.Version != next.Version)
                    continue;
                now = at.Due > now ? at.Due : now;
                timer = next.Timer;
            }
            timer.Fire();
        }
    }

    public void Advance(TimeSpan span) => AdvanceTo(GetUtcNow() + span);

    private sealed class VirtualTimer(VirtualTime time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan period = Timeout.InfiniteTimeSpan;

        /// <summary>Grows with every change, so that what was planned before it is left out.</summary>
        public long Version { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var isDue = false;
            lock (time.changing)
            {
                Version++;
                this.period = period;
                if (dueTime == TimeSpan.Zero)
                    isDue = true;
                else if (dueTime != Timeout.InfiniteTimeSpan)
                    time.timers.Enqueue((this, Version), (time.now + dueTime, time.order++));
            }
            if (isDue)
                ThreadPool.QueueUserWorkItem(_ => Fire());
            return true;
        }

        public void Fire()
        {
            if (period > TimeSpan.Zero)
                Change(period, period);
            callback(state);
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
