using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Pipeline.Sources;

/// <summary>Reads source mappings from a folder, freshly on each call, so an edit needs no restart.</summary>
public sealed class SourceCatalog(PipelineOptions options)
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private string Folder => Path.Combine(options.WorkflowsFolder, "sources");

    public IReadOnlyList<string> Names() =>
        Directory.Exists(Folder)
            ? [.. JsonFiles.In(Folder).Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)]
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
        var text = Text(file);
        try
        {
            foreach (var (index, character) in StorableText.FlawsOfJson(text))
                throw Unreadable(file, text.AsSpan(0, index).Count('\n'), $"The text holds U+{(int)character:X4}. {StorableText.Rule}. Remove it, or write the whole character.", null);
            var json = JsonNode.Parse(text, documentOptions: Strict) as JsonObject ?? throw new JsonException("a source mapping is a JSON object");
            var problems = MappingCheck.Problems(json, source.Replace('-', '_'));
            return problems.Count == 0
                ? json.Deserialize<SourceMapping>(TaskJson.Options)! with { File = file }
                : throw new TaskFailedException(
                    $"{string.Join(Environment.NewLine, problems.Select(problem => $"{file}: {problem}"))}{Environment.NewLine}Correct the mapping (docs/sources.md has its members).", retryable: false);
        }
        catch (JsonException problem) when (problem.LineNumber is null && DuplicateMember.Find(text) is { } twice)
        {
            throw Unreadable(file, twice.Line - 1, twice.Message, problem);
        }
        catch (JsonException problem)
        {
            throw Unreadable(file, problem.LineNumber, problem.Message.Split(" LineNumber:")[0], problem);
        }
    }

    private static string Text(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(file, null, unreadable.Message, unreadable);
        }
    }

    /// <param name="line">Counted from 0.</param>
    private static TaskFailedException Unreadable(string file, long? line, string problem, Exception? cause) =>
        new($"{file}{(line is { } number ? $" line {number + 1}" : "")}: {problem}", retryable: false, innerException: cause);
}
