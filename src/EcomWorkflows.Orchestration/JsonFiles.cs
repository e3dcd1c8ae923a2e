namespace EcomWorkflows.Orchestration;

/// <summary>The files people write: <c>*.json</c>, but for those whose name begins with a dot, as editors make them beside an open file.</summary>
public static class JsonFiles
{
    /// <summary>Their paths, in order.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public static IEnumerable<string> In(string folder, SearchOption depth = SearchOption.TopDirectoryOnly) =>
        Directory.EnumerateFiles(folder, "*.json", depth).Where(path => !Path.GetFileName(path).StartsWith('.')).Order(StringComparer.Ordinal);
}
