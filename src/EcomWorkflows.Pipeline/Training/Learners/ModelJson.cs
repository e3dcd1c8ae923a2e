using System.Text.Json;

namespace EcomWorkflows.Pipeline.Training.Learners;

/// <summary>Reads and writes the model files of our own formats.</summary>
internal static class ModelJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    internal static void Write<T>(string path, T document) => File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(document, Options));

    /// <param name="kind">What the file should be, in words.</param>
    /// <exception cref="InvalidDataException">The file is truncated or something else.</exception>
    internal static T Read<T>(string path, string kind)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), Options) ?? throw new InvalidDataException($"'{path}' is empty, not a {kind}.");
        }
        catch (JsonException problem)
        {
            throw new InvalidDataException($"'{path}' is not a {kind}: {problem.Message}", problem);
        }
    }

    /// <exception cref="InvalidDataException">They differ.</exception>
    internal static void RequireLearner(string path, string found, string expected)
    {
        if (found != expected)
            throw new InvalidDataException($"'{path}' was made by the learner {found}, not by {expected}.");
    }
}
