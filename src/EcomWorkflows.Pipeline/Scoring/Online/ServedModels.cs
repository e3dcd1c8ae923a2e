using System.Collections.Concurrent;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Training.Registry;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Pipeline.Scoring.Online;

/// <summary>
/// Models this process keeps in memory, and which version each alias stands for. The latter is believed only while notifications of moves arrive; otherwise every request
/// asks the registry.
/// </summary>
internal sealed class ServedModels(ModelRegistry registry, ModelLoader loader, FeatureServiceUse uses, ILogger<ServedModels> logger)
{
    private const int MostLoaded = 16;

    private readonly ConcurrentDictionary<(string Name, string Alias), int> aliases = new();
    private readonly ConcurrentDictionary<(string Name, int Version), Lazy<Task<ServedModel>>> loaded = new();
    private readonly Lock changing = new();
    private long generation;
    private bool trusted;

    /// <summary>The version an alias stands for, acquired for the caller, who releases it.</summary>
    /// <exception cref="InvocationException">The alias stands for nothing, or the version cannot be loaded.</exception>
    public async ValueTask<ServedModel> AcquireAsync(string name, string alias, CancellationToken cancellationToken)
    {
        if (aliases.TryGetValue((name, alias), out int known))
            return await AcquireAsync(name, known, cancellationToken);
        long before = Volatile.Read(ref generation);
        ModelVersion version = await registry.FindAsync(name, alias, cancellationToken) ?? throw await MissingAsync(name, $"alias '{alias}'", cancellationToken);
        ServedModel served = await AcquireAsync(version);
        lock (changing)
        {
            if (trusted && before == generation)
                aliases[(name, alias)] = version.Version;
        }

        return served;
    }

    /// <summary>As the other overload, for a version by its number.</summary>
    /// <exception cref="InvocationException">There is no such version, or it cannot be loaded.</exception>
    public async ValueTask<ServedModel> AcquireAsync(string name, int version, CancellationToken cancellationToken)
    {
        if (loaded.TryGetValue((name, version), out Lazy<Task<ServedModel>>? loading) && loading.IsValueCreated && loading.Value is { IsCompletedSuccessfully: true } done && done.Result.TryAcquire())
            return done.Result;
        return await AcquireAsync(
            await registry.FindAsync(name, version, cancellationToken) ?? throw await MissingAsync(name, $"version {version}", cancellationToken));
    }

    /// <summary>Notifications arrive from now on; what was believed without them is forgotten.</summary>
    public void Trust()
    {
        lock (changing)
        {
            (trusted, generation) = (true, generation + 1);
            aliases.Clear();
        }
    }

    public void Distrust()
    {
        lock (changing)
        {
            (trusted, generation) = (false, generation + 1);
            aliases.Clear();
        }
    }

    /// <summary>Aliases are read from the registry again.</summary>
    public void Forget()
    {
        lock (changing)
        {
            generation++;
            aliases.Clear();
        }
    }

    /// <summary>An alias of the model has moved: what requests have read before is not remembered.</summary>
    public void Moved()
    {
        lock (changing)
            generation++;
    }

    /// <summary>
    /// Follows the moves of a model's aliases: the new version is loaded while the old one still answers, then takes its place at once. A version that cannot be loaded does
    /// not take it.
    /// </summary>
    public async Task FollowAsync(string name, CancellationToken cancellationToken)
    {
        foreach ((string Name, string Alias) key in aliases.Keys.Where(key => key.Name == name))
        {
            try
            {
                ModelVersion? version = await registry.FindAsync(name, key.Alias, cancellationToken);
                if (version is null)
                {
                    aliases.TryRemove(key, out _);
                    continue;
                }

                (await AcquireAsync(version)).Release();
                lock (changing)
                {
                    if (trusted)
                        aliases[key] = version.Version;
                }
            }
            catch (InvocationException failure)
            {
                logger.LogError("The {Alias} of {Model} moved, but the version before it goes on answering: {Reason}", key.Alias, name, failure.Message);
            }
        }
    }

    private async Task<ServedModel> AcquireAsync(ModelVersion version)
    {
        (string Name, int Version) key = (version.Name, version.Version);
        while (true)
        {
            Lazy<Task<ServedModel>> loading = loaded.GetOrAdd(key, _ => new Lazy<Task<ServedModel>>(() => Task.Run(() => LoadAsync(version))));
            try
            {
                ServedModel served = await loading.Value;
                if (served.TryAcquire())
                {
                    MakeRoom();
                    return served;
                }

                loaded.TryRemove(KeyValuePair.Create(key, loading));
            }
            catch (TaskFailedException failure)
            {
                loaded.TryRemove(KeyValuePair.Create(key, loading));
                throw new InvocationException(InvocationError.Unavailable, failure.Message, failure);
            }
            catch
            {
                loaded.TryRemove(KeyValuePair.Create(key, loading));
                throw;
            }
        }
    }

    /// <remarks>On behalf of all who wait for it, so nobody's cancellation ends it.</remarks>
    private async Task<ServedModel> LoadAsync(ModelVersion version)
    {
        IReadOnlyList<FeatureReference> references = await uses.ReferencesAsync(
            version.Name, version.Version, version.Features, version.Lineage.FeatureView, version.Lineage.FeatureViewVersion, CancellationToken.None);
        // Requests run beside each other; one row is no work for several threads.
        return new ServedModel(version, loader.Load(version, threads: 1), [.. references.Select(reference => reference.ToString())]);
    }

    private void MakeRoom()
    {
        if (loaded.Count <= MostLoaded)
            return;
        foreach ((var key, Lazy<Task<ServedModel>> loading) in loaded
            .Where(entry => entry.Value is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            .OrderBy(entry => entry.Value.Value.Result.LastUsed)
            .Take(loaded.Count - MostLoaded))
        {
            if (loaded.TryRemove(KeyValuePair.Create(key, loading)))
                loading.Value.Result.Release();
        }
    }

    private async Task<InvocationException> MissingAsync(string name, string what, CancellationToken cancellationToken)
    {
        IReadOnlyList<ModelVersion> versions = await registry.ListAsync(name, cancellationToken);
        return new InvocationException(InvocationError.NotFound, versions.Count == 0
            ? $"There is no model '{name}'. ./ecom models list shows what there is."
            : $"{name} has no {what}; it has {string.Join(", ", versions.Select(one => $"v{one.Version}"))}.");
    }
}
