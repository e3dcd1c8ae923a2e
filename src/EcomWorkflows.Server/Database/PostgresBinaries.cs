using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace EcomWorkflows.Server.Database;

/// <summary>A folder with the server programs of one PostgreSQL version.</summary>
public sealed partial record PostgresBinaries(string Folder, int Major, string Version)
{
    public const int MinimumMajor = 15;

    private const string Cure = "Install it with: sudo apt-get install postgresql   (./ecom doctor shows everything that is missing)";

    public string InitDb => Path.Combine(Folder, "initdb");

    public string Postgres => Path.Combine(Folder, "postgres");

    /// <summary>The newest usable version, or exactly <paramref name="clusterMajor"/> where a cluster exists.</summary>
    /// <exception cref="EmbeddedPostgresException">There is none; the message says what was found and the cure.</exception>
    public static PostgresBinaries Find(int? clusterMajor)
    {
        var installed = FindAll();
        if (clusterMajor is { } major)
            return installed.FirstOrDefault(found => found.Major == major) ?? throw WrongVersion(major, installed);

        return installed.FirstOrDefault(found => found.Major >= MinimumMajor) ?? throw Missing(installed);
    }

    /// <summary>Every installed version, newest first.</summary>
    public static IReadOnlyList<PostgresBinaries> FindAll() =>
    [
        .. CandidateFolders()
            .Where(folder => File.Exists(Path.Combine(folder, "postgres")) && File.Exists(Path.Combine(folder, "initdb")))
            .Select(Describe)
            .OfType<PostgresBinaries>()
            .OrderByDescending(found => found.Major),
    ];

    /// <summary>Reads what <c>postgres --version</c> prints; null where it is something else.</summary>
    internal static (int Major, string Version)? ParseVersion(string output)
    {
        var match = VersionPattern().Match(output);
        return match.Success ? (int.Parse(match.Groups["major"].Value, CultureInfo.InvariantCulture), match.Groups["version"].Value) : null;
    }

    /// <summary>ECOM_POSTGRES_BIN alone where it is set; otherwise Debian's and Red Hat's folders, then PATH.</summary>
    private static IEnumerable<string> CandidateFolders()
    {
        if (Environment.GetEnvironmentVariable("ECOM_POSTGRES_BIN") is { Length: > 0 } chosen)
            return [chosen];

        return SubfoldersOf("/usr/lib/postgresql", "*")
            .Concat(SubfoldersOf("/usr", "pgsql-*"))
            .Select(version => Path.Combine(version, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries));
    }

    private static string[] SubfoldersOf(string folder, string pattern) =>
        Directory.Exists(folder) ? Directory.GetDirectories(folder, pattern) : [];

    private static PostgresBinaries? Describe(string folder)
    {
        var start = new ProcessStartInfo(Path.Combine(folder, "postgres"), ["--version"]) { RedirectStandardOutput = true, WorkingDirectory = "/" };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return ParseVersion(output) is { } parsed ? new PostgresBinaries(folder, parsed.Major, parsed.Version) : null;
    }

    private static EmbeddedPostgresException Missing(IReadOnlyList<PostgresBinaries> installed) =>
        installed is [var newest, ..]
            ? new($"PostgreSQL {newest.Version} in {newest.Folder} is too old: {MinimumMajor} or newer is needed.", Cure)
            : new($"The PostgreSQL server programs (postgres, initdb) of version {MinimumMajor} or newer are not installed.", Cure);

    private static EmbeddedPostgresException WrongVersion(int major, IReadOnlyList<PostgresBinaries> installed)
    {
        var found = installed.Count == 0 ? "no version" : string.Join(", ", installed.Select(binaries => $"{binaries.Version} ({binaries.Folder})"));
        return new EmbeddedPostgresException(
            $"The cluster under ECOM_HOME was created by PostgreSQL {major}; installed is {found}.",
            $"Install that version (sudo apt-get install postgresql-{major}), or start afresh with another ECOM_HOME.");
    }

    [GeneratedRegex(@"\(PostgreSQL\) (?<version>(?<major>\d+)[\w.]*)")]
    private static partial Regex VersionPattern();
}
