using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.Planning;

/// <summary>Decides whether and when a failed attempt is tried again; semantics, section 4.</summary>
public static class RetryPolicy
{
    /// <param name="exceptionTypes">Simple and full names of the exception's types, base types included.</param>
    /// <param name="userTries">Tries since the last clear that count against <c>retries</c>, this one included when it does.</param>
    /// <param name="infraTries">Tries since the last clear lost to the infrastructure, this one included when it was.</param>
    /// <param name="jitterSeed">The attempt id; the same attempt always gets the same delay.</param>
    public static RetryDecision Decide(
        TaskSettings settings, FailureCause cause, IReadOnlyCollection<string> exceptionTypes, bool retryable, int userTries, int infraTries, long jitterSeed, DateTimeOffset now)
    {
        if (cause == FailureCause.Cancelled)
            return new RetryDecision.Fail("cancelled");
        if (!retryable)
            return new RetryDecision.Fail("the failure says that another try cannot help");
        if (settings.NeverRetryOn.FirstOrDefault(Names) is { } never)
            return new RetryDecision.Fail($"{never} is never tried again");
        if (IsInfrastructure(cause))
        {
            return infraTries <= settings.InfraRetries
                ? new RetryDecision.Retry(cause == FailureCause.WorkerLost ? now : now + Delay(settings, infraTries, jitterSeed), UsesInfraBudget: true)
                : new RetryDecision.Fail($"infrastructure retries used up ({settings.InfraRetries})");
        }
        if (settings.RetryOn.Count > 0 && !settings.RetryOn.Any(Names))
            return new RetryDecision.Fail($"only {string.Join(", ", settings.RetryOn)} is tried again");
        return userTries <= settings.Retries
            ? new RetryDecision.Retry(now + Delay(settings, userTries, jitterSeed), UsesInfraBudget: false)
            : new RetryDecision.Fail(settings.Retries == 0 ? "no retries are set" : $"retries used up ({settings.Retries})");

        bool Names(string kind) => kind == cause.ToWire() || exceptionTypes.Contains(kind, StringComparer.Ordinal);
    }

    /// <summary>Whether a failure is the platform's and not the task's.</summary>
    public static bool IsInfrastructure(FailureCause cause) => cause is FailureCause.WorkerLost or FailureCause.Dependency;

    /// <summary>Wait before the next try: <c>delay × factor^(n−1)</c>, capped, then full jitter.</summary>
    /// <param name="tries">n: failed tries since the last clear, at least 1.</param>
    public static TimeSpan Delay(TaskSettings settings, int tries, long jitterSeed)
    {
        var seconds = settings.RetryDelay.TotalSeconds * Math.Pow(settings.RetryFactor, Math.Max(0, tries - 1));
        if (settings.MaxRetryDelay is { } cap)
            seconds = Math.Min(seconds, cap.TotalSeconds);
        // A day is beyond any sensible delay and keeps a large exponent from overflowing.
        seconds = Math.Clamp(seconds, 0, TimeSpan.FromDays(1).TotalSeconds);
        if (settings.RetryJitter)
            seconds *= new Random((int)((jitterSeed ^ (jitterSeed >> 32)) & int.MaxValue)).NextDouble();
        return TimeSpan.FromSeconds(seconds);
    }
}
