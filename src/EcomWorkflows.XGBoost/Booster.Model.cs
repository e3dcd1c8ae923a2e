using EcomWorkflows.XGBoost.Native;

namespace EcomWorkflows.XGBoost;

/// <content>Files, buffers and what a model says about itself.</content>
public sealed unsafe partial class Booster
{
    /// <summary>Reads a model file; the form is told by its content, not its name.</summary>
    /// <exception cref="XGBoostException">The file does not exist, is truncated or is not an XGBoost model.</exception>
    public static Booster Load(string path)
    {
        ModelFile.RequireExists(path, nameof(NativeMethods.XGBoosterLoadModel));
        try
        {
            return Load(File.ReadAllBytes(path));
        }
        catch (XGBoostException failure)
        {
            throw new XGBoostException(failure.Function, $"'{path}' cannot be loaded as a model: {failure.Message}", failure);
        }
    }

    /// <summary>Reads a model from memory, in either form.</summary>
    /// <remarks>The library trusts what lies inside the braces: a model whose bytes were altered can crash the process. Compare a hash first.</remarks>
    /// <exception cref="XGBoostException">The bytes are truncated or not an XGBoost model.</exception>
    public static Booster Load(ReadOnlySpan<byte> model)
    {
        ModelBytes.RequireComplete(model);
        Booster booster = Create([]);
        try
        {
            fixed (byte* data = model)
                Call.Check(NativeMethods.XGBoosterLoadModelFromBuffer(booster.Handle, data, (ulong)model.Length));
            return booster;
        }
        catch
        {
            booster.Dispose();
            throw;
        }
    }

    /// <summary>Writes the model; the file's ending (.json or .ubj) tells the form.</summary>
    /// <exception cref="ArgumentException">The file has another ending.</exception>
    public void Save(string path)
    {
        ModelFile.RequireModelExtension(path);
        Call.Check(NativeMethods.XGBoosterSaveModel(Handle, Path.GetFullPath(path)));
    }

    /// <summary>The model as bytes; the same model always gives the same bytes.</summary>
    public byte[] Save(ModelFormat format)
    {
        BoosterHandle handle = Handle;
        string config = $$"""{"format":"{{ModelFile.Word(format)}}"}""";
        Call.Check(NativeMethods.XGBoosterSaveModelToBuffer(handle, config, out ulong length, out byte* data));
        byte[] copy = new ReadOnlySpan<byte>(data, checked((int)length)).ToArray();
        GC.KeepAlive(handle);
        return copy;
    }

    /// <summary>All parameters, set and defaulted, as the library's JSON.</summary>
    public string SaveConfig()
    {
        BoosterHandle handle = Handle;
        Call.Check(NativeMethods.XGBoosterSaveJsonConfig(handle, out _, out nint json));
        string copy = Call.Text(json);
        GC.KeepAlive(handle);
        return copy;
    }

    public void LoadConfig(string json)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(json);
        Call.Check(NativeMethods.XGBoosterLoadJsonConfig(Handle, json));
    }

    /// <summary>A text stored in the model file under this name, or null.</summary>
    public string? GetAttribute(string name)
    {
        BoosterHandle handle = Handle;
        Call.Check(NativeMethods.XGBoosterGetAttr(handle, name, out nint value, out int found));
        string? copy = found != 0 ? Call.Text(value) : null;
        GC.KeepAlive(handle);
        return copy;
    }

    /// <summary>Stores a text in the model file; null removes it.</summary>
    public void SetAttribute(string name, string? value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Call.Check(NativeMethods.XGBoosterSetAttr(Handle, name, value));
    }

    public IReadOnlyList<string> AttributeNames
    {
        get
        {
            BoosterHandle handle = Handle;
            Call.Check(NativeMethods.XGBoosterGetAttrNames(handle, out ulong count, out nint* names));
            string[] copy = Call.Texts(names, count);
            GC.KeepAlive(handle);
            return copy;
        }
    }

    /// <summary>Names of the columns the model was trained on; empty when the training matrix had none.</summary>
    public IReadOnlyList<string> FeatureNames
    {
        get => GetTexts("feature_name");
        set => SetTexts("feature_name", value);
    }

    public IReadOnlyList<string> FeatureTypes
    {
        get => GetTexts("feature_type");
        set => SetTexts("feature_type", value);
    }

    /// <summary>Importance of every feature that is used at all; features without names are called f0, f1, ….</summary>
    public IReadOnlyList<FeatureScore> FeatureScores(ImportanceType importance)
    {
        string word = importance switch
        {
            ImportanceType.Weight => "weight",
            ImportanceType.Gain => "gain",
            ImportanceType.Cover => "cover",
            ImportanceType.TotalGain => "total_gain",
            ImportanceType.TotalCover => "total_cover",
            _ => throw new ArgumentOutOfRangeException(nameof(importance), importance, "Not a kind of importance."),
        };
        RequireTrained();
        BoosterHandle handle = Handle;
        Call.Check(NativeMethods.XGBoosterFeatureScore(
            handle, $$"""{"importance_type":"{{word}}"}""", out ulong count, out nint* names, out ulong dimensions, out ulong* shape, out float* scores));
        string[] features = Call.Texts(names, count);
        int groups = dimensions > 1 ? checked((int)shape[1]) : 1;
        var result = new List<FeatureScore>(features.Length * groups);
        for (int i = 0; i < features.Length * groups; i++)
            result.Add(new FeatureScore(features[i / groups], i % groups, scores[i]));
        GC.KeepAlive(handle);
        return result;
    }

    /// <summary>The trees in a form for people, one text per tree.</summary>
    /// <param name="statistics">Adds gain and cover of each split.</param>
    /// <param name="featureMapPath">A file that names the columns; null for the model's own names.</param>
    public IReadOnlyList<string> Dump(DumpFormat format = DumpFormat.Text, bool statistics = false, string? featureMapPath = null)
    {
        string word = format switch
        {
            DumpFormat.Text => "text",
            DumpFormat.Json => "json",
            DumpFormat.Dot => "dot",
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Allowed: Text, Json, Dot."),
        };
        RequireTrained();
        BoosterHandle handle = Handle;
        Call.Check(NativeMethods.XGBoosterDumpModelEx(
            handle, featureMapPath ?? string.Empty, statistics ? 1 : 0, word, out ulong count, out nint* trees));
        string[] copy = Call.Texts(trees, count);
        GC.KeepAlive(handle);
        return copy;
    }

    private void SetTexts(string field, IReadOnlyList<string> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        Call.Check(NativeMethods.XGBoosterSetStrFeatureInfo(Handle, field, [.. values], (ulong)values.Count));
    }

    private string[] GetTexts(string field)
    {
        BoosterHandle handle = Handle;
        Call.Check(NativeMethods.XGBoosterGetStrFeatureInfo(handle, field, out ulong count, out nint* values));
        string[] copy = Call.Texts(values, count);
        GC.KeepAlive(handle);
        return copy;
    }
}
