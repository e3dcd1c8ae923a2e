namespace EcomWorkflows.Orchestration.Tasks;

/// <summary>Knows which attempts have published nothing, so that what they left in a place where others publish can go.</summary>
public interface IUnpublishedAttempts
{
    /// <summary>
    /// Whether this attempt has published nothing. False also where the database does not know it, because its run was deleted or the database is another than the one it ran on: what it has published
    /// nobody can tell then.
    /// </summary>
    /// <param name="madeAt">When the attempt made what it left. One of the same id that began later is another, of a database that was restored.</param>
    Task<bool> HasAsync(long attemptId, string dagId, string runKey, DateTimeOffset madeAt, CancellationToken cancellationToken);
}
