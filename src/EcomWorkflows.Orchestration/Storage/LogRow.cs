namespace EcomWorkflows.Orchestration.Storage;

/// <summary>One structured log row of an attempt.</summary>
/// <param name="Level"><c>trace</c>, <c>debug</c>, <c>info</c>, <c>warning</c>, <c>error</c> or <c>critical</c>.</param>
/// <param name="Fields">JSON object of the message's named values, or null.</param>
public sealed record LogRow(long AttemptId, DateTimeOffset LoggedAt, string Level, string Category, string Message, string? Fields, string? Exception)
{
    /// <summary>Whether it was sent before and nobody knows what became of it: then it is written only where it is not there.</summary>
    public bool MayBeWritten { get; init; }
}
