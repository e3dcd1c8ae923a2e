using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Elsa.Definitions;

/// <summary>An Elsa 3 workflow definition and the DAG it means.</summary>
/// <param name="FileName">Where it came from, for messages.</param>
/// <param name="Dag">Null exactly when there are problems.</param>
/// <param name="Problems">Everything that is wrong, at once.</param>
/// <param name="Raw">The document as it came, with members we do not know; empty when the text was no JSON object.</param>
public sealed record DagDocument(string FileName, Dag? Dag, IReadOnlyList<DagProblem> Problems, JsonObject Raw)
{
    // A file is read by people and by git, never pasted into HTML: relaxed escaping keeps '→' and quotes readable.
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads a definition; never throws for bad content, which becomes <see cref="Problems"/>.</summary>
    public static DagDocument Parse(string json, string fileName, TaskRegistry registry)
    {
        var problems = new ProblemList();
        var raw = ReadObject(json, problems) ?? [];
        var dag = problems.All.Count == 0 ? new DocumentReader(registry, problems).Read(raw) : null;
        return new DagDocument(fileName, dag, problems.All, raw);
    }

    /// <summary>Reads a definition that was parsed already.</summary>
    public static DagDocument Of(JsonObject raw, string fileName, TaskRegistry registry)
    {
        var problems = new ProblemList();
        return new DagDocument(fileName, new DocumentReader(registry, problems).Read(raw), problems.All, raw);
    }

    /// <summary>The document that means <paramref name="dag"/>; what <paramref name="previous"/> has beyond that meaning (places on the canvas, unknown members) stays.</summary>
    public static DagDocument Create(Dag dag, string fileName, TaskRegistry registry, JsonObject? previous = null) =>
        new(fileName, dag, [], new DocumentWriter(registry).Write(dag, previous));

    public string ToJson() => Raw.ToJsonString(Readable) + "\n";

    private static JsonObject? ReadObject(string json, ProblemList problems)
    {
        if (string.IsNullOrWhiteSpace(json))
        {
            problems.Add("file", "The file is empty. Export a workflow definition from Elsa Studio, or remove the file.");
            return null;
        }
        foreach (var (index, character) in StorableText.FlawsOfJson(json))
            problems.Add(Place(json, index), $"The text holds U+{(int)character:X4}. {StorableText.Rule}. Remove it, or write the whole character.");
        if (problems.All.Count > 0)
            return null;
        try
        {
            var node = Json.Parse(json);
            if (node is JsonObject definition)
                return definition;
            problems.Add("file", $"Expected one JSON object, an Elsa 3 workflow definition; found {Json.Shown(node)}.");
        }
        catch (JsonException failure) when (failure.LineNumber is null && DuplicateMember.Find(json) is { } twice)
        {
            problems.Add($"line {twice.Line}, column {twice.Column}", twice.Message);
        }
        catch (JsonException failure)
        {
            problems.Add(
                failure is { LineNumber: { } line, BytePositionInLine: { } column } ? $"line {line + 1}, column {column + 1}" : "file",
                $"This is not valid JSON: {failure.Message.Split(" LineNumber:")[0].Split(" Path:")[0]}");
        }
        return null;
    }

    private static string Place(string json, int index)
    {
        var before = json.AsSpan(0, index);
        return $"line {before.Count('\n') + 1}, column {index - before.LastIndexOf('\n')}";
    }
}
