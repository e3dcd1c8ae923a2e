namespace EcomWorkflows.Pipeline.Simulation;

/// <summary>Which shop to simulate, until when, and where its exports go.</summary>
public sealed record SimulationOptions
{
    /// <summary>Days of history a new shop gets when <see cref="OpenedOn"/> is not set.</summary>
    public const int DefaultHistoryDays = 365;

    /// <summary>The same seed, scale, opening day and end give the same bytes.</summary>
    /// <value>The default is 20260101.</value>
    public ulong Seed { get; init; } = 20260101;

    public SimulationScale Scale { get; init; } = SimulationScale.Small;

    /// <summary>End of the history, exclusive: midnight UTC.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>Folder of the exports, <c>{home}/shop</c>; created if missing.</summary>
    public required string Folder { get; init; }

    /// <summary>First day of the exported history. The events before a later <see cref="Until"/> are the same only with the same opening day.</summary>
    /// <value>The default is that of the shop already in the folder (same seed and scale), else <see cref="DefaultHistoryDays"/> days before the end.</value>
    public DateOnly? OpenedOn { get; init; }

    /// <summary>False leaves the defects out.</summary>
    public bool PlantDefects { get; init; } = true;

    internal void Check()
    {
        if (Until.Offset != TimeSpan.Zero || Until.TimeOfDay != TimeSpan.Zero)
            throw new ArgumentException($"{nameof(Until)} must be midnight UTC, not {Until:O}.");
        if (!Path.IsPathFullyQualified(Folder))
            throw new ArgumentException($"{nameof(Folder)} must be an absolute path, not '{Folder}'.");
        if (OpenedOn is { } opened && Days(opened) is < 1 or > 3660)
            throw new ArgumentException($"{nameof(OpenedOn)} must be 1 to 3660 days before {Until:yyyy-MM-dd}, not {OpenedOn:yyyy-MM-dd}.");
    }

    internal int Days(DateOnly opened) => DateOnly.FromDateTime(Until.UtcDateTime).DayNumber - opened.DayNumber;
}
