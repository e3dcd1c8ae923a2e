namespace EcomWorkflows.Orchestration.Execution;

/// <summary>Wakes one waiting loop; signals that come while it is awake are folded into one.</summary>
internal sealed class Signal : IDisposable
{
    private readonly SemaphoreSlim raised = new(0, 1);

    public void Raise()
    {
        try
        {
            raised.Release();
        }
        catch (SemaphoreFullException)
        {
            // Already raised: the loop will look anyway.
        }
    }

    /// <summary>Waits until raised, or until the safety-net interval is over.</summary>
    public Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken) => raised.WaitAsync(atMost, cancellationToken);

    public void Dispose() => raised.Dispose();
}
