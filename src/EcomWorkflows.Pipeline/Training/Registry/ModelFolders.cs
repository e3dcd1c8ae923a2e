using System.Text.Json;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Pipeline.Training.Registry;

/// <summary>Where models lie: <c>models/{name}/v{N}/</c> for versions, <c>models/{name}/aliases/{alias}</c> holding a version number.</summary>
public static class ModelFolders
{
    internal const string HistoryFile = "history.jsonl";

    internal const string Staging = ".staging";

    internal const string AttemptPrefix = "attempt-";

    public static string Relative(string name, int version) => Path.Combine("models", name, $"v{version}");

    /// <summary>An empty folder for an attempt to write a model in, on the same file system as its final place.</summary>
    public static string CreateStaging(PipelineOptions options, string name, long attemptId)
    {
        string folder = Path.Combine(options.ModelsFolder, name, Staging, $"{AttemptPrefix}{attemptId}");
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        return folder;
    }

    /// <summary>Moves a written folder to its final place, by one rename.</summary>
    /// <exception cref="IOException">Something is there already. It is not for this attempt to delete: where it lost its lease, another may have registered that version since.</exception>
    internal static void Install(string staging, string final) => Directory.Move(staging, final);

    /// <summary>
    /// Repeats in the model's folder what the index says of its aliases, so a copied folder tells by itself which version was in use: where each stands, and the history as one line of JSON
    /// per event. What the folder missed before is made up for.
    /// </summary>
    /// <param name="events">All that the index knows, the oldest first; what the folder tells of times before stays.</param>
    internal static void Repeat(PipelineOptions options, string name, IReadOnlyDictionary<string, int> aliases, IReadOnlyList<AliasEvent> events)
    {
        string folder = Path.Combine(options.ModelsFolder, name, "aliases");
        Directory.CreateDirectory(folder);
        string history = Path.Combine(folder, HistoryFile);
        IEnumerable<string> earlier = File.Exists(history) && events.Count > 0 ? File.ReadAllLines(history).Where(line => TimeOf(line) < events[0].At) : [];
        Write(history, string.Concat(earlier.Concat(events.Select(happened => JsonSerializer.Serialize(happened, TaskJson.Options))).Select(line => line + "\n")));
        foreach ((string alias, int version) in aliases)
            Write(Path.Combine(folder, alias), $"{version}\n");
        string challenger = Path.Combine(folder, ModelRegistry.Challenger);
        if (!aliases.ContainsKey(ModelRegistry.Challenger) && aliases.TryGetValue(ModelRegistry.Champion, out int champion) && File.Exists(challenger) && File.ReadAllText(challenger).Trim() == $"{champion}")
            File.Delete(challenger);
    }

    /// <summary>When an event of the history happened; null where the line is none, as a full disk leaves behind.</summary>
    private static DateTimeOffset? TimeOf(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<AliasEvent>(line, TaskJson.Options)?.At;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whoever reads the file finds all of it, as it was or as it is now.</summary>
    private static void Write(string path, string text)
    {
        if (File.Exists(path) && File.ReadAllText(path) == text)
            return;
        string temporary = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Guid.NewGuid():n}");
        try
        {
            File.WriteAllText(temporary, text);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
