using System.Globalization;
using System.Text.RegularExpressions;
using EcomWorkflows.Pipeline;
using EcomWorkflows.Pipeline.Lake.Objects;

namespace EcomWorkflows.Server.Cli;

/// <summary>What the environment variables of the program say.</summary>
/// <param name="Home">ECOM_HOME, absolute: all state. Default: <c>.ecom</c> in the repository.</param>
/// <param name="Database">ECOM_DATABASE: an Npgsql connection string; null for the private cluster under <paramref name="Home"/>.</param>
/// <param name="Urls">ECOM_URLS: where the server listens.</param>
/// <param name="Repository">The folder with <c>workflows/</c>.</param>
internal sealed partial record EnvironmentSettings(string Home, string? Database, string Urls, string Repository)
{
    public const string DefaultUrls = "http://127.0.0.1:8080";

    /// <summary>ECOM_HOSTS: names, beside those in ECOM_URLS, by which browsers and programs address the server; for one that listens on a wildcard or behind a proxy.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>ECOM_LAKE: <c>s3://bucket/prefix</c> that holds the lake; null for the folder <c>lake</c> of the home.</summary>
    public string? Lake { get; init; }

    /// <summary>ECOM_LAKE_CONNECTION: the stored connection for it; null for the AWS variables.</summary>
    public string? LakeConnection { get; init; }

    /// <summary>ECOM_DUCKDB_MEMORY: what DuckDB may take before it spills, as <c>512MB</c> or <c>2GB</c>; null where each use of it has its default.</summary>
    public string? DuckDbMemory { get; init; }

    private const string HomeInRepository = ".ecom";

    /// <summary>With less, plain statements over a few columns fail.</summary>
    private const int LeastMegabytes = 128;

    public string WorkflowsFolder => Path.Combine(Repository, "workflows");

    /// <summary>The dataset repository: beside the code with the default home, in the home with any other.</summary>
    public string DataVersionsFolder => Path.Combine(Home == Path.Combine(Repository, HomeInRepository) ? Repository : Home, "data-versions");

    public static EnvironmentSettings Read() => Read(Environment.GetEnvironmentVariable, AppContext.BaseDirectory, Directory.GetCurrentDirectory());

    /// <summary>Reads the variables; an empty one counts as unset, a relative home is relative to the current directory.</summary>
    /// <exception cref="CliException">ECOM_LAKE names no bucket, or ECOM_DUCKDB_MEMORY no size.</exception>
    internal static EnvironmentSettings Read(Func<string, string?> variable, string programFolder, string currentFolder)
    {
        var repository = Given("ECOM_ROOT") is { } root ? Path.GetFullPath(root, currentFolder) : FindRepository(programFolder);
        var home = Given("ECOM_HOME") is { } given ? Path.GetFullPath(given, currentFolder) : Path.Combine(repository, HomeInRepository);
        return new EnvironmentSettings(Path.TrimEndingDirectorySeparator(home), Given("ECOM_DATABASE"), Given("ECOM_URLS") ?? DefaultUrls, repository)
        {
            Hosts = Given("ECOM_HOSTS")?.Split([',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [],
            Lake = Bucket(Given("ECOM_LAKE")),
            LakeConnection = Given("ECOM_LAKE_CONNECTION"),
            DuckDbMemory = Memory(Given("ECOM_DUCKDB_MEMORY")),
        };

        string? Given(string name) => variable(name) is { Length: > 0 } value ? value : null;
    }

    /// <summary>A slip must not put the lake into a folder whose name is the address.</summary>
    private static string? Bucket(string? lake) => lake is null || ObjectStores.IsBucket(lake) ? lake : throw new CliException(
        ExitCode.Environment, $"ECOM_LAKE is '{lake}'; allowed is s3://bucket/prefix. Correct it, or unset it: then the lake is the folder 'lake' of ECOM_HOME.");

    private static string? Memory(string? memory)
    {
        if (memory is null)
            return null;
        if (Size().Match(memory) is { Success: true } size
            && double.Parse(size.Groups["number"].Value, CultureInfo.InvariantCulture) * (size.Groups["unit"].Value == "G" ? 1000 : 1) >= LeastMegabytes)
            return memory;
        throw new CliException(
            ExitCode.Environment, $"ECOM_DUCKDB_MEMORY is '{memory}'; allowed is a size from {LeastMegabytes}MB on, such as 512MB or 2GB. Correct it, or unset it: then it is {PipelineOptions.DefaultDuckDbMemoryLimit}, and {PipelineOptions.DefaultProfilingMemoryLimit} where a suite is proposed.");
    }

    [GeneratedRegex(@"^(?<number>\d{1,7}(\.\d{1,3})?) ?(?<unit>[MG])i?B$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Size();

    /// <summary>The nearest folder above the program that holds <c>workflows/</c>; the program's own folder where none does.</summary>
    private static string FindRepository(string programFolder)
    {
        for (var folder = new DirectoryInfo(programFolder); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "EcomWorkflows.sln")))
                return folder.FullName;

        return Path.TrimEndingDirectorySeparator(programFolder);
    }
}
