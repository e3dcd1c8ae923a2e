using System.Diagnostics;
using EcomWorkflows.Server.Database;
using Microsoft.Extensions.Logging.Abstractions;

namespace EcomWorkflows.Testing;

/// <summary>The PostgreSQL server of this test process: the one ECOM_TEST_DATABASE names, or a private one that ends with the process.</summary>
internal static class TestCluster
{
    private const string FolderPrefix = "ecom-tests-";

    private static readonly Lazy<Task<string>> Server = new(StartAsync);

    /// <summary>A connection string with the right to create databases.</summary>
    public static Task<string> ConnectionStringAsync() => Server.Value;

    private static async Task<string> StartAsync()
    {
        if (Environment.GetEnvironmentVariable("ECOM_TEST_DATABASE") is { Length: > 0 } given)
            return given;

        var home = Directory.CreateTempSubdirectory(FolderPrefix).FullName;
        // The server's own account must get through the folder to its cluster.
        File.SetUnixFileMode(home, File.GetUnixFileMode(home) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        var options = EmbeddedPostgresOptions.Temporary(home);
        var cluster = await EmbeddedPostgres.StartOrJoinAsync(options, TimeProvider.System, NullLogger.Instance, CancellationToken.None);
        RemoveAfterwards(home, cluster);
        return cluster.ConnectionString;
    }

    /// <summary>A test host is killed as soon as its tests are done, so stopping the server and removing its files is the work of a process that outlives it.</summary>
    private static void RemoveAfterwards(string home, EmbeddedPostgres cluster)
    {
        const string Script =
            """
            exec >/dev/null 2>&1 </dev/null
            tail --pid="$1" -f /dev/null
            kill -QUIT "$2"
            tail --pid="$2" -f /dev/null
            rm -rf "$3"
            """;
        using var watch = Process.Start("setsid", ["sh", "-c", Script, "ecom-tests", $"{Environment.ProcessId}", $"{cluster.ServerProcessId}", home]);
    }
}
