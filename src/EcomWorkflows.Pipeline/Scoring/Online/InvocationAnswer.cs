namespace EcomWorkflows.Pipeline.Scoring.Online;

/// <summary>An answered request for predictions.</summary>
/// <param name="Json">The whole answer.</param>
/// <param name="IsComplete">False where an entity was not scored because its features are missing or expired; the answer says which.</param>
public sealed record InvocationAnswer(ReadOnlyMemory<byte> Json, bool IsComplete);
