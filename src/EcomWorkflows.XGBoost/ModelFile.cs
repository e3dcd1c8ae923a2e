namespace EcomWorkflows.XGBoost;

/// <summary>Rules for files handed to the library, checked first because its own messages about them are opaque.</summary>
internal static class ModelFile
{
    internal static void RequireExists(string path, string function)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (!File.Exists(path))
            throw new XGBoostException(function, $"the file '{Path.GetFullPath(path)}' does not exist");
    }

    internal static void RequireModelExtension(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        string extension = Path.GetExtension(path);
        if (extension is not (".json" or ".ubj"))
            throw new ArgumentException($"A model file ends in .json or .ubj, got '{path}'.", nameof(path));
    }

    internal static string Word(ModelFormat format) => format switch
    {
        ModelFormat.Json => "json",
        ModelFormat.Ubj => "ubj",
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Allowed: Json, Ubj."),
    };
}
