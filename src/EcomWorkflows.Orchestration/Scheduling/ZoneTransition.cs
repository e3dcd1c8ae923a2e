namespace EcomWorkflows.Orchestration.Scheduling;

/// <summary>A change of a zone's offset from UTC.</summary>
/// <param name="At">The first instant under the new offset.</param>
internal readonly record struct ZoneTransition(DateTimeOffset At, TimeSpan Before, TimeSpan After)
{
    /// <summary>Wall-clock times from <see cref="GapStart"/> to just before <see cref="GapEnd"/> do not exist.</summary>
    public bool IsGap => After > Before;

    /// <summary>Wall-clock times from <see cref="GapEnd"/> to just before <see cref="GapStart"/> exist twice.</summary>
    public bool IsOverlap => After < Before;

    /// <summary>What clocks would have shown at <see cref="At"/> had they not been changed.</summary>
    public DateTime GapStart => At.UtcDateTime + Before;

    /// <summary>What clocks show at <see cref="At"/>.</summary>
    public DateTime GapEnd => At.UtcDateTime + After;
}
