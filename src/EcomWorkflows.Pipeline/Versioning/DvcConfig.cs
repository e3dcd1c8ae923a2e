namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>The settings DVC's own program reads in a repository.</summary>
internal static class DvcConfig
{
    /// <summary>Committed with the first version.</summary>
    public const string SharedPath = ".dvc/config";

    public const string IgnorePath = ".dvc/.gitignore";

    public const string Shared = "[core]\n    analytics = false\n    autostage = false\n";

    public const string Ignore = "/config.local\n/tmp\n/cache\n";

    /// <summary>Of this machine: where the cache and the remote are.</summary>
    public static string LocalPath(string repositoryFolder) => Path.Combine(repositoryFolder, ".dvc", "config.local");
}
