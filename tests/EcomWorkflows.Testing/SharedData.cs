namespace EcomWorkflows.Testing;

/// <summary>The real datasets that may lie beside the repository, in <c>../shared/data</c>.</summary>
public static class SharedData
{
    /// <summary>The shared folder itself, which also holds the baselines and the Elsa samples.</summary>
    public static string Folder { get; } = System.IO.Path.GetFullPath(System.IO.Path.Combine(RepositoryRoot.Path, "..", "shared"));

    /// <summary>The full path of one dataset file.</summary>
    public static string Path(string name) => System.IO.Path.Combine(Folder, "data", name);

    /// <summary>Why a test that needs these files cannot run here; null where it can.</summary>
    internal static string? WhyMissing(string[] names)
    {
        if (!Directory.Exists(System.IO.Path.Combine(Folder, "data")))
            return $"needs the shared datasets, and there is no folder {System.IO.Path.Combine(Folder, "data")}";

        var missing = names.Where(name => !File.Exists(Path(name))).ToArray();
        return missing.Length == 0 ? null : $"needs {string.Join(", ", missing)} in {System.IO.Path.Combine(Folder, "data")}";
    }
}
