using System.Text.Json;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Training.Learners;
using EcomWorkflows.Pipeline.Training.Metrics;

namespace EcomWorkflows.Pipeline.Training.Registry;

/// <summary><c>lineage.json</c>: what the index knows of a version, kept beside the model so that the index can be made anew.</summary>
internal sealed record ModelRecord(
    string ModelSha256,
    string Chosen,
    float Threshold,
    IReadOnlyList<string>? Features,
    IReadOnlyDictionary<string, string>? Parameters,
    ModelMetrics? Metrics,
    ModelLineage Lineage,
    PromotionDecision? Promotion,
    DateTimeOffset CreatedAt)
{
    internal const string FileName = "lineage.json";

    private static readonly JsonSerializerOptions Json = new(TaskJson.Options) { WriteIndented = true };

    internal void Write(string folder) => File.WriteAllBytes(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(this, Json));

    /// <summary>Reads a version's folder and checks that its model file is the one that was registered.</summary>
    /// <exception cref="InvalidDataException">The folder is not whole; the message says what is wrong with it.</exception>
    internal static ModelVersion Read(string folder, string name, int version)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            throw new InvalidDataException($"{folder} has no {FileName}, so it is not known what it holds");
        ModelRecord? record;
        try
        {
            record = JsonSerializer.Deserialize<ModelRecord>(File.ReadAllBytes(path), Json);
        }
        catch (JsonException problem)
        {
            throw new InvalidDataException($"{path} cannot be read: {problem.Message}", problem);
        }

        if (record is not { Features: { Count: > 0 } features, Parameters: { } parameters, Metrics: { } metrics, Lineage: { } lineage })
            throw new InvalidDataException($"{path} lacks features, parameters, metrics or lineage; it was written by an older program and cannot be indexed");
        if (!LearnerCatalog.Names.Contains(record.Chosen))
            throw new InvalidDataException($"{path} names the learner '{record.Chosen}', which this program does not know");
        string model = Path.Combine(folder, LearnerCatalog.FileOf(record.Chosen));
        if (!File.Exists(model))
            throw new InvalidDataException($"{model} does not exist");
        string sha256 = ModelLoader.Sha256(model);
        if (sha256 != record.ModelSha256)
            throw new InvalidDataException($"{model} is truncated or altered (sha256 {sha256}, registered {record.ModelSha256})");
        return new ModelVersion(
            name, version, record.Chosen, ModelFolders.Relative(name, version), sha256, features, record.Threshold, parameters, metrics, lineage, record.CreatedAt);
    }
}
