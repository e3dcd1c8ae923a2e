namespace EcomWorkflows.Orchestration.Tasks;

/// <summary>What a person answered to a <see cref="TaskQuestion"/>.</summary>
public sealed record TaskAnswer(string Option, string By, string? Comment, DateTimeOffset At);
