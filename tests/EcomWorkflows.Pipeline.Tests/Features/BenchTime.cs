namespace EcomWorkflows.Pipeline.Tests.Features;

/// <summary>A clock that stands until it is set.</summary>
internal sealed class BenchTime : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 3, 1, 6, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}
