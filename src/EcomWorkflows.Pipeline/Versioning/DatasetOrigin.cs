namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>The attempt, or the person, that made a dataset version.</summary>
/// <param name="RunId">0 where a person made it.</param>
/// <param name="AttemptId">0 where a person made it.</param>
/// <param name="Person">As the event log names people, for example <c>cli:ana</c>; null where a run made it.</param>
public sealed record DatasetOrigin(string Dag, int DagVersion, string Run, long RunId, string Task, long AttemptId, int TryNumber, string? Person = null)
{
    public static DatasetOrigin ByPerson(string person) => new("", 0, "", 0, "", 0, 0, person);

    /// <summary>In words, for the change log.</summary>
    public override string ToString() => Person is null ? $"run {Run} of {Dag}, attempt {AttemptId}" : $"by {Person}";
}
