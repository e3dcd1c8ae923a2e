using System.Text.Json;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Pipeline.Training.Registry;

/// <summary>Where models lie: <c>models/{name}/v{N}/</c> for versions, <c>models/{name}/aliases/{alias}</c> holding a version number.</summary>
public static class ModelFolders
{
    internal const string HistoryFile = "history.jsonl";

    public static string Relative(string name, int version) => Path.Combine("models", name, $"v{version}");

    /// <summary>An empty folder for an attempt to write a model in, on the same file system as its final place.</summary>
    public static string CreateStaging(PipelineOptions options, string name, long attemptId)
    {
        string folder = Path.Combine(options.ModelsFolder, name, ".staging", $"attempt-{attemptId}");
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        return folder;
    }

    /// <summary>Moves a written folder to its final place, by one rename.</summary>
    internal static void Install(string staging, string final)
    {
        // A folder of this number without an index row is left from a transaction that rolled back after its rename; nobody refers to it.
        if (Directory.Exists(final))
            Directory.Delete(final, recursive: true);
        Directory.Move(staging, final);
    }

    /// <summary>Repeats what the index says of an alias in the model's folder: its history as one line of JSON per event, and where it stands now.</summary>
    internal static void Record(PipelineOptions options, AliasEvent happened)
    {
        string folder = Path.Combine(options.ModelsFolder, happened.Name, "aliases");
        Directory.CreateDirectory(folder);
        File.AppendAllText(Path.Combine(folder, HistoryFile), JsonSerializer.Serialize(happened, TaskJson.Options) + "\n");
        if (happened.Kind is "promotion" or "rollback" || happened.FromVersion != happened.ToVersion)
            WriteAlias(options, happened.Name, happened.Alias, happened.ToVersion);
        string challenger = Path.Combine(folder, ModelRegistry.Challenger);
        if (happened.Alias == ModelRegistry.Champion && File.Exists(challenger) && File.ReadAllText(challenger).Trim() == $"{happened.ToVersion}")
            File.Delete(challenger);
    }

    /// <summary>Repeats the index's alias as a file, so a copied folder tells by itself which version was in use.</summary>
    private static void WriteAlias(PipelineOptions options, string name, string alias, int version)
    {
        string folder = Path.Combine(options.ModelsFolder, name, "aliases");
        Directory.CreateDirectory(folder);
        string temporary = Path.Combine(folder, $".{alias}.{Guid.NewGuid():n}");
        File.WriteAllText(temporary, $"{version}\n");
        File.Move(temporary, Path.Combine(folder, alias), overwrite: true);
    }
}
