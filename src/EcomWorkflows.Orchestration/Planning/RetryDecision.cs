namespace EcomWorkflows.Orchestration.Planning;

/// <summary>What follows a failed attempt.</summary>
public abstract record RetryDecision
{
    private RetryDecision()
    {
    }

    /// <summary>Try again, no earlier than <paramref name="NotBefore"/>.</summary>
    /// <param name="UsesInfraBudget">Whether the try counts against <c>infra_retries</c> instead of <c>retries</c>.</param>
    public sealed record Retry(DateTimeOffset NotBefore, bool UsesInfraBudget) : RetryDecision;

    /// <summary>The task has failed for good.</summary>
    public sealed record Fail(string Reason) : RetryDecision;
}
