namespace EcomWorkflows.Pipeline.Training.Registry;

/// <summary>A move of an alias, or the refusal of one.</summary>
/// <param name="Kind"><c>promotion</c>, <c>rollback</c>, <c>proposal</c> (the gates passed, a person decides) or <c>refusal</c>.</param>
/// <param name="Actor">The person; null where a task did it.</param>
/// <param name="Evidence">JSON: for decisions by gates the <see cref="PromotionDecision"/>.</param>
public sealed record AliasEvent(
    string Name, string Alias, int? FromVersion, int ToVersion, string Kind, string Reason, string Evidence, string? Actor, long? AttemptId, DateTimeOffset At);
