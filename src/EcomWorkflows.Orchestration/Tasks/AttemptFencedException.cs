namespace EcomWorkflows.Orchestration.Tasks;

/// <summary>The attempt is no longer the owner of its task instance (its lease ran out, or it was cleared or cancelled); nothing of it was published.</summary>
public sealed class AttemptFencedException(long attemptId, string reason)
    : Exception($"Attempt {attemptId} may not publish any more: {reason}. What it wrote was rolled back; the attempt that replaced it is the owner.")
{
    public long AttemptId { get; } = attemptId;
}
