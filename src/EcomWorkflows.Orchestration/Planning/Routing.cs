namespace EcomWorkflows.Orchestration.Planning;

/// <summary>What a successful branch or short circuit said about the way on; other tasks say nothing.</summary>
/// <param name="Ports">The ports a branch has chosen; null for a task that is no branch.</param>
public sealed record Routing(IReadOnlyList<string>? Ports, SkipScope Skips = SkipScope.None);
