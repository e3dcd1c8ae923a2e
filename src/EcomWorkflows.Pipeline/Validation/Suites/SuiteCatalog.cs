using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Pipeline.Validation.Suites;

/// <summary>Reads suites from <c>workflows/expectations</c>, freshly on each call, so an edit needs no restart.</summary>
public sealed class SuiteCatalog(PipelineOptions options)
{
    private string Folder => Path.Combine(options.WorkflowsFolder, "expectations");

    /// <summary>Names as a source mapping gives them, for example <c>online-retail/events</c>.</summary>
    public IReadOnlyList<string> Names() =>
        Directory.Exists(Folder)
            ? [.. JsonFiles.In(Folder, SearchOption.AllDirectories)
                .Select(file => Path.ChangeExtension(Path.GetRelativePath(Folder, file), null).Replace('\\', '/'))
                .Order(StringComparer.Ordinal)]
            : [];

    /// <summary>The suite of that name.</summary>
    /// <exception cref="TaskFailedException">There is none, or something is wrong with it; the message lists every problem with file and line.</exception>
    public ExpectationSuite Get(string name)
    {
        var file = Path.GetFullPath(Path.Combine(Folder, name + ".json"));
        if (!file.StartsWith(Folder + Path.DirectorySeparatorChar, StringComparison.Ordinal) || !File.Exists(file))
            throw new TaskFailedException($"There is no expectation suite '{name}'. Known suites: {string.Join(", ", Names())}. Add {file} to define it.", retryable: false);
        var (suite, problems) = SuiteParser.Parse(File.ReadAllText(file), file);
        return suite ?? throw new TaskFailedException(
            $"The expectation suite '{name}' cannot be used:{Environment.NewLine}{string.Join(Environment.NewLine, problems)}", retryable: false);
    }
}
