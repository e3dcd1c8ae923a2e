namespace EcomWorkflows.Orchestration.Tests.Scheduling;

/// <summary>A clock that stands where the test puts it; timers run in real time.</summary>
internal sealed class VirtualTime(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public VirtualTime(string now)
        : this(DateTimeOffset.Parse(now))
    {
    }

    public override DateTimeOffset GetUtcNow() => Now;
}
