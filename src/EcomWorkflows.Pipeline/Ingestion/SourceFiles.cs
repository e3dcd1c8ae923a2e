using System.Text.RegularExpressions;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Ingestion.Files;
using EcomWorkflows.Pipeline.Sources;

namespace EcomWorkflows.Pipeline.Ingestion;

/// <summary>Finds what an entity's <c>location</c> names.</summary>
internal sealed partial class SourceFiles(PipelineOptions options)
{
    /// <summary>The files, in the order of their names; at least one.</summary>
    /// <exception cref="TaskFailedException">A placeholder has no value, or there is no such file; the message names where it was sought.</exception>
    public IReadOnlyList<FoundFile> Find(SourceMapping mapping, string entity, string file)
    {
        var pattern = Path.GetFullPath(Fill(mapping, entity, file), options.Home);
        var glob = new Glob(pattern);
        var depth = glob.IsDeep ? SearchOption.AllDirectories : SearchOption.TopDirectoryOnly;
        var found = !glob.HasWildcard
            ? File.Exists(pattern) ? [pattern] : []
            : Directory.Exists(glob.Folder) ? Directory.EnumerateFiles(glob.Folder, "*", depth).Where(glob.IsMatch).ToArray() : [];
        if (found.Length > 0)
            return [.. found.Order(StringComparer.Ordinal).Select(path => new FoundFile(path, glob.NameOf(path)))];
        var what = Directory.Exists(pattern) ? "is a folder, not a file" : "does not exist";
        throw new TaskFailedException(
            $"{pattern} {what} (entities.{entity}.location in {mapping.File}). Give the right file with --file, or correct the location.",
            FailureCause.BadData, retryable: false);
    }

    /// <summary>The location with its placeholders filled in.</summary>
    public string Location(SourceMapping mapping, string entity, string file) => Fill(mapping, entity, file);

    public Uri Address(SourceMapping mapping, string entity)
    {
        var text = Fill(mapping, entity, "");
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw Refuse(mapping, entity, $"'{text}' is no http or https address");
    }

    private string Fill(SourceMapping mapping, string entity, string file) => Placeholder().Replace(
        mapping.Entities[entity].Location ?? throw Refuse(mapping, entity, "it is missing"),
        match => match.Value switch
        {
            "{file}" => file.Length > 0 ? file : throw new TaskFailedException(
                $"Source {mapping.Source} reads the file that the run names, and none was given. Give it with --file PATH (parameter `file` of the run).", retryable: false),
            "{home}" => options.Home,
            "{server}" => options.ServerAddress?.TrimEnd('/') ?? throw new TaskFailedException(
                $"Source {mapping.Source} reads {entity} from this program's own server, and it does not run. Start it with `./ecom serve --demo` or use `./ecom demo`."),
            _ => throw Refuse(mapping, entity, $"{match.Value} is no placeholder; allowed are {{file}}, {{home}} and {{server}}"),
        });

    private static TaskFailedException Refuse(SourceMapping mapping, string entity, string reason) =>
        new($"{mapping.File}: entities.{entity}.location: {reason}.", retryable: false);

    [GeneratedRegex(@"\{[^{}]*\}")]
    private static partial Regex Placeholder();
}
