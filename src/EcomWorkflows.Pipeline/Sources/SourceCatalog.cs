using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Pipeline.Sources;

/// <summary>Reads source mappings from a folder, freshly on each call, so an edit needs no restart.</summary>
public sealed class SourceCatalog(PipelineOptions options)
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private string Folder => Path.Combine(options.WorkflowsFolder, "sources");

    public IReadOnlyList<string> Names() =>
        Directory.Exists(Folder)
            ? [.. Directory.EnumerateFiles(Folder, "*.json").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)]
            : [];

    /// <summary>The mapping whose tables are filed under a name, <c>online_retail</c> for example; null where there is none.</summary>
    /// <exception cref="TaskFailedException">Its file cannot be read.</exception>
    public SourceMapping? FindBySource(string name) => Names().FirstOrDefault(file => file.Replace('-', '_') == name) is { } source ? Get(source) : null;

    /// <summary>The mapping of a source.</summary>
    /// <exception cref="TaskFailedException">There is no such source, or its file cannot be read; the message names file, every place that is wrong, and what is allowed.</exception>
    public SourceMapping Get(string source)
    {
        var file = Path.Combine(Folder, source + ".json");
        if (Path.GetFileName(source) != source || !File.Exists(file))
            throw new TaskFailedException($"There is no source '{source}'. Known sources: {string.Join(", ", Names())}. Add {file} to define it.", retryable: false);
        try
        {
            var json = JsonNode.Parse(File.ReadAllText(file), documentOptions: Strict) as JsonObject ?? throw new JsonException("a source mapping is a JSON object");
            var problems = MappingCheck.Problems(json, source.Replace('-', '_'));
            return problems.Count == 0
                ? json.Deserialize<SourceMapping>(TaskJson.Options)! with { File = file }
                : throw new TaskFailedException(
                    $"{string.Join(Environment.NewLine, problems.Select(problem => $"{file}: {problem}"))}{Environment.NewLine}Correct the mapping (docs/sources.md has its members).", retryable: false);
        }
        catch (JsonException problem)
        {
            throw new TaskFailedException(
                $"{file}{(problem.LineNumber is { } line ? $" line {line + 1}" : "")}: {problem.Message}", retryable: false, innerException: problem);
        }
    }
}
