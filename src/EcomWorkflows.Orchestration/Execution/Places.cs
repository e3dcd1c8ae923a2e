namespace EcomWorkflows.Orchestration.Execution;

/// <summary>The places of this node for attempts. Who asks the queue takes the free ones first, so that two askers never fill the same place.</summary>
internal sealed class Places(OrchestrationOptions options)
{
    private int free = options.Slots;

    /// <returns>How many were free; they belong to the caller until an attempt ends in them or they are given back.</returns>
    public int TakeFree() => Interlocked.Exchange(ref free, 0);

    public void GiveBack(int places) => Interlocked.Add(ref free, places);
}
