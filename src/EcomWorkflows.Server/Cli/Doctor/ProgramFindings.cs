using EcomWorkflows.DuckDB;
using EcomWorkflows.Server.Database;
using EcomWorkflows.Server.Hosting;
using EcomWorkflows.XGBoost;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace EcomWorkflows.Server.Cli.Doctor;

/// <summary>What only the program itself can find out: its native libraries, its home, its database, its address.</summary>
internal static class ProgramFindings
{
    private const long Gigabyte = 1L << 30;

    public static async Task<IReadOnlyList<Finding>> LookAsync(EnvironmentSettings settings, CancellationToken cancellationToken) =>
    [
        Library("DuckDB in the program", () => DuckDbConnection.LibraryVersion, "npm ci --prefix native, then any ./ecom command (it builds again)"),
        Library("XGBoost in the program", () => XGBoostLibrary.Version.ToString(), "sudo apt-get install -y libxgboost0"),
        Home(settings.Home),
        await DatabaseAsync(settings, cancellationToken),
        Address(settings.Urls),
    ];

    private static Finding Library(string name, Func<string> version, string cure)
    {
        try
        {
            return Finding.Ok(name, version(), null);
        }
        catch (Exception failure) when (failure is DllNotFoundException or DuckDbException or XGBoostException or TypeInitializationException or EntryPointNotFoundException)
        {
            return Finding.Broken(name, failure.GetBaseException().Message.Split('\n')[0], cure);
        }
    }

    private static Finding Home(string home)
    {
        const string Name = "ECOM_HOME";
        try
        {
            Directory.CreateDirectory(home);
            using (new FileStream(Path.Combine(home, $".write-test-{Environment.ProcessId}"), FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
            {
            }
        }
        catch (Exception refusal) when (refusal is UnauthorizedAccessException or IOException)
        {
            return Finding.Broken(Name, home, $"'{Environment.UserName}' cannot write there: set ECOM_HOME to a folder of your own");
        }

        var free = new DriveInfo(home).AvailableFreeSpace;
        return free < Gigabyte
            ? Finding.Broken(Name, home, $"only {free >> 20} MB are free on its disk: the demo needs about 1 GB")
            : Finding.Ok(Name, $"{free >> 30} GB free", home);
    }

    private static async Task<Finding> DatabaseAsync(EnvironmentSettings settings, CancellationToken cancellationToken)
    {
        const string Name = "database";
        try
        {
            var options = new EmbeddedPostgresOptions { Home = settings.Home };
            await using var database = await ProgramDatabase.OpenAsync(settings.Database, options, TimeProvider.System, NullLogger.Instance, cancellationToken);
            await using var connection = new NpgsqlConnection(database.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            var place = settings.Database is null ? "private cluster, " + string.Join(' ', [connection.Host, .. database.Notices]) : connection.DataSource;
            return Finding.Ok(Name, connection.PostgreSqlVersion.ToString(), place);
        }
        catch (EmbeddedPostgresException failure)
        {
            return Finding.Broken(Name, failure.Problem.Split('\n')[0], failure.Cure);
        }
    }

    private static Finding Address(string urls) => ListenAddress.OrFreePort(urls) == urls
        ? Finding.Ok("address", null, urls)
        : Finding.Broken("address", urls, "another program listens there (maybe ./ecom serve): stop it, or set ECOM_URLS=http://127.0.0.1:8081");
}
