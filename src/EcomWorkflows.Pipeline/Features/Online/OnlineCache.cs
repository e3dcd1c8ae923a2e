using System.Collections.Concurrent;

namespace EcomWorkflows.Pipeline.Features.Online;

/// <summary>What this process remembers of the registry and the online values. It is believed only while notifications of changes arrive.</summary>
internal sealed class OnlineCache(FeatureRegistry registry, OnlineCacheOptions options)
{
    private readonly ConcurrentDictionary<(int View, int Version), OnlineRowCache> views = new();
    private readonly ConcurrentDictionary<byte[], OnlinePlan> plans = new(KeyComparer.Instance);
    private readonly Lock changing = new();
    private FeatureRegistrySnapshot? known;
    private long generation;
    private volatile bool trusted;

    /// <summary>Whether changes made elsewhere are heard of; otherwise every answer comes from the database.</summary>
    public bool Trusted => trusted;

    private const int MostPlans = 10_000;

    public bool TryGetPlan(ReadOnlySpan<byte> key, out OnlinePlan? plan)
    {
        plan = null;
        return trusted && plans.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out plan);
    }

    /// <summary>The registry, as new as the last notification.</summary>
    public async ValueTask<(FeatureRegistrySnapshot Registry, long Generation)> RegistryAsync(CancellationToken cancellationToken)
    {
        var before = Volatile.Read(ref generation);
        if (trusted && Volatile.Read(ref known) is { } snapshot)
            return (snapshot, before);
        var read = await registry.ReadAsync(cancellationToken);
        lock (changing)
        {
            if (trusted && before == generation)
                known = read;
        }
        return (read, before);
    }

    /// <param name="readAt">The generation of the registry the plan was made from.</param>
    public void AddPlan(byte[] key, OnlinePlan plan, long readAt)
    {
        lock (changing)
        {
            if (!trusted || readAt != generation)
                return;
            if (plans.Count >= MostPlans)
                plans.Clear();
            plans[key] = plan;
        }
    }

    public OnlineRowCache Rows(FeatureView view) => views.GetOrAdd((view.Id, view.Version), static (_, rows) => new OnlineRowCache(rows), options.RowsPerView);

    /// <summary>Notifications arrive from now on; what was remembered without them is forgotten.</summary>
    public void Trust()
    {
        Forget();
        trusted = true;
    }

    public void Distrust()
    {
        trusted = false;
        Forget();
    }

    public void RegistryChanged()
    {
        lock (changing)
        {
            generation++;
            known = null;
            plans.Clear();
        }
    }

    /// <param name="keys">Null: any of the view's rows may have changed.</param>
    public void ValuesChanged(int viewId, int version, IReadOnlyCollection<string>? keys)
    {
        if (!views.TryGetValue((viewId, version), out var rows))
            return;
        if (keys is null)
            rows.Clear();
        else
            rows.Remove(keys);
    }

    private void Forget()
    {
        RegistryChanged();
        foreach (var rows in views.Values)
            rows.Clear();
    }
}
