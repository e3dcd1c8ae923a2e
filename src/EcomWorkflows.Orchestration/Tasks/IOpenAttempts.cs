namespace EcomWorkflows.Orchestration.Tasks;

/// <summary>Knows which attempts have not ended, so that what they have written and not published yet can be left alone.</summary>
public interface IOpenAttempts
{
    /// <summary>All of them, on all nodes. What an attempt that is not among them has published can be seen by whoever asks for it afterwards.</summary>
    Task<IReadOnlyList<OpenAttempt>> ListAsync(CancellationToken cancellationToken);
}
