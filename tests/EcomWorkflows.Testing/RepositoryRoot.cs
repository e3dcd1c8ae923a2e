namespace EcomWorkflows.Testing;

/// <summary>The folder with <c>EcomWorkflows.sln</c>, seen from wherever the tests were built to.</summary>
public static class RepositoryRoot
{
    public static string Path { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "EcomWorkflows.sln")))
                return folder.FullName;

        throw new DirectoryNotFoundException($"No EcomWorkflows.sln above {AppContext.BaseDirectory}: run the tests from a build inside the repository.");
    }
}
