using System.Diagnostics;
using EcomWorkflows.Pipeline.Training.Learners;
using EcomWorkflows.Pipeline.Training.Registry;

namespace EcomWorkflows.Pipeline.Scoring.Online;

/// <summary>A model version in memory, disposed when nobody uses it any more: requests that have begun end with the version they began with.</summary>
/// <param name="references">The model's features as the feature store names them, in the model's order.</param>
internal sealed class ServedModel(ModelVersion version, FittedModel model, IReadOnlyList<string> references)
{
    // The cache's own use is the first.
    private int uses = 1;

    public ModelVersion Version => version;

    public FittedModel Model => model;

    public IReadOnlyList<string> References => references;

    /// <summary>When it was asked for last, in ticks of <see cref="Stopwatch"/>.</summary>
    public long LastUsed { get; private set; } = Stopwatch.GetTimestamp();

    /// <returns>False where it is disposed, or about to be.</returns>
    public bool TryAcquire()
    {
        for (int seen = Volatile.Read(ref uses); seen > 0; seen = Volatile.Read(ref uses))
        {
            if (Interlocked.CompareExchange(ref uses, seen + 1, seen) != seen)
                continue;
            LastUsed = Stopwatch.GetTimestamp();
            return true;
        }

        return false;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref uses) == 0)
            model.Dispose();
    }
}
