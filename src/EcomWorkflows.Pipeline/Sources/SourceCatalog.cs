using System.Text.Json;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Pipeline.Sources;

/// <summary>Reads source mappings from a folder, freshly on each call, so an edit needs no restart.</summary>
public sealed class SourceCatalog(PipelineOptions options)
{
    private string Folder => Path.Combine(options.WorkflowsFolder, "sources");

    public IReadOnlyList<string> Names() =>
        Directory.Exists(Folder)
            ? [.. Directory.EnumerateFiles(Folder, "*.json").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)]
            : [];

    /// <summary>The mapping whose tables are filed under a name, <c>online_retail</c> for example; null where there is none.</summary>
    /// <exception cref="TaskFailedException">Its file cannot be read.</exception>
    public SourceMapping? FindBySource(string name) => Names().FirstOrDefault(file => file.Replace('-', '_') == name) is { } source ? Get(source) : null;

    /// <summary>The mapping of a source.</summary>
    /// <exception cref="TaskFailedException">There is no such source, or its file cannot be read; the message names file, line and what is allowed.</exception>
    public SourceMapping Get(string source)
    {
        var file = Path.Combine(Folder, source + ".json");
        if (Path.GetFileName(source) != source || !File.Exists(file))
            throw new TaskFailedException($"There is no source '{source}'. Known sources: {string.Join(", ", Names())}. Add {file} to define it.", retryable: false);
        try
        {
            using var stream = File.OpenRead(file);
            var mapping = JsonSerializer.Deserialize<SourceMapping>(stream, TaskJson.Options) ?? throw new JsonException("the file holds null");
            if (mapping.Source != source.Replace('-', '_'))
                throw new JsonException($"\"source\" is '{mapping.Source}' but the file's name asks for '{source.Replace('-', '_')}'");
            return mapping with { File = file };
        }
        catch (JsonException problem)
        {
            throw new TaskFailedException(
                $"{file}{(problem.LineNumber is { } line ? $" line {line + 1}" : "")}: {problem.Message}", retryable: false, innerException: problem);
        }
    }
}
