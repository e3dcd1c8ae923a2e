namespace EcomWorkflows.Bench;

/// <summary>The repository's workflow files in a folder of a benchmark's own, where it may change them.</summary>
internal static class WorkflowFiles
{
    /// <returns>The copied <c>workflows</c> folder, inside <paramref name="folder"/>.</returns>
    public static string Copy(string repository, string folder)
    {
        var (original, copy) = (Path.Combine(repository, "workflows"), Path.Combine(folder, "workflows"));
        foreach (var path in Directory.EnumerateFiles(original, "*.json", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(original, path));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(path, target);
        }
        return copy;
    }
}
