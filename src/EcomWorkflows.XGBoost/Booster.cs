using EcomWorkflows.XGBoost.Native;

namespace EcomWorkflows.XGBoost;

/// <summary>An XGBoost model: trained round by round, or loaded, then asked for predictions.</summary>
/// <remarks>
/// Predicting from several threads at once is safe: results are per thread in the library and copied before a method returns.
/// Everything that changes the model (parameters, updates, loading, attributes, dispose) must not overlap with any other call.
/// </remarks>
public sealed unsafe partial class Booster : IDisposable
{
    private readonly BoosterHandle _handle;
    private bool _namesTaken;

    private Booster(nint handle) => _handle = new BoosterHandle(handle);

    /// <summary>An untrained model; naming the training and evaluation matrices here lets the library cache their predictions.</summary>
    /// <exception cref="XGBoostNotFoundException">The library is not installed.</exception>
    public static Booster Create(IEnumerable<KeyValuePair<string, string>> parameters, params IReadOnlyList<DMatrix> cached)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(cached);
        Booster booster;
        using (var lease = new HandleLease(cached))
        {
            fixed (nint* matrices = lease.Pointers)
            {
                Call.Check(NativeMethods.XGBoosterCreate(matrices, (ulong)cached.Count, out nint handle));
                booster = new Booster(handle);
            }
        }

        try
        {
            foreach ((string name, string value) in parameters)
                booster.SetParameter(name, value);
            return booster;
        }
        catch
        {
            booster.Dispose();
            throw;
        }
    }

    /// <summary>Rounds this model was boosted for.</summary>
    public int BoostedRounds
    {
        get
        {
            Call.Check(NativeMethods.XGBoosterBoostedRounds(Handle, out int rounds));
            return rounds;
        }
    }

    /// <summary>Columns the model expects; 0 before training.</summary>
    public int FeatureCount
    {
        get
        {
            int status = NativeMethods.XGBoosterGetNumFeature(Handle, out ulong features);
            if (status != 0 && Call.Text(NativeMethods.XGBGetLastError()).Contains("0 feature is supplied", StringComparison.Ordinal))
                return 0;
            Call.Check(status, nameof(NativeMethods.XGBoosterGetNumFeature));
            return checked((int)features);
        }
    }

    /// <summary>Sets a training or runtime parameter; a bad value of most parameters is reported by the next update.</summary>
    public void SetParameter(string name, string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(value);
        Call.Check(NativeMethods.XGBoosterSetParam(Handle, name, value));
    }

    /// <summary>Adds one boosting round; rounds are numbered from 0.</summary>
    /// <exception cref="XGBoostException">A parameter or the data is not acceptable, for example an unknown objective.</exception>
    public void Update(int iteration, DMatrix train)
    {
        ArgumentNullException.ThrowIfNull(train);
        Call.Check(NativeMethods.XGBoosterUpdateOneIter(Handle, iteration, train.Handle));
        TakeNames(train);
    }

    /// <summary>Adds one boosting round for an objective of the caller's own, given its first and second derivatives per row.</summary>
    public void Update(DMatrix train, ReadOnlySpan<float> gradients, ReadOnlySpan<float> hessians)
    {
        ArgumentNullException.ThrowIfNull(train);
        if (gradients.Length != hessians.Length || gradients.Length == 0 || gradients.Length % train.Rows != 0)
        {
            throw new ArgumentException(
                $"Derivatives are needed for each of {train.Rows} rows, got {gradients.Length} first and {hessians.Length} second ones.", nameof(gradients));
        }

        fixed (float* first = gradients, second = hessians)
            Call.Check(NativeMethods.XGBoosterBoostOneIter(Handle, train.Handle, first, second, (ulong)gradients.Length));
        TakeNames(train);
    }

    /// <summary>Evaluates the configured metrics (<c>eval_metric</c>) on named matrices.</summary>
    /// <exception cref="ArgumentException">A name is empty, repeated, or contains a tab or a colon.</exception>
    public IReadOnlyList<MetricValue> Evaluate(int iteration, params IReadOnlyList<(DMatrix Data, string Name)> sets)
    {
        ArgumentNullException.ThrowIfNull(sets);
        if (sets.Count == 0)
            return [];

        string[] names = [.. sets.Select(set => set.Name)];
        EvaluationLine.RequireUsable(names);
        using var lease = new HandleLease([.. sets.Select(set => set.Data)]);
        fixed (nint* matrices = lease.Pointers)
        {
            Call.Check(NativeMethods.XGBoosterEvalOneIter(Handle, iteration, matrices, names, (ulong)names.Length, out nint line));
            return EvaluationLine.Parse(Call.Text(line), names);
        }
    }

    /// <summary>A new model made of the rounds <paramref name="begin"/> (included) to <paramref name="end"/> (excluded), every <paramref name="step"/>-th.</summary>
    public Booster Slice(int begin, int end, int step = 1)
    {
        Call.Check(NativeMethods.XGBoosterSlice(Handle, begin, end, step, out nint handle));
        return new Booster(handle);
    }

    public void Dispose() => _handle.Dispose();

    // The library keeps names with the matrix only; a model file without them cannot be checked against a feature service.
    private void TakeNames(DMatrix train)
    {
        if (_namesTaken)
            return;
        if (FeatureNames.Count == 0 && train.FeatureNames is { Count: > 0 } names)
            FeatureNames = names;
        if (FeatureTypes.Count == 0 && train.FeatureTypes is { Count: > 0 } types)
            FeatureTypes = types;
        _namesTaken = true;
    }

    private BoosterHandle Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
            return _handle;
        }
    }
}
