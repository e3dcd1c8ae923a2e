using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using EcomWorkflows.Server.Database;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom with-database -- COMMAND</c>: runs another program (psql, a test run) while the program's database is up.</summary>
internal static class WithDatabaseCommand
{
    public static Command Create()
    {
        var temporary = new Option<bool>("--temporary") { Description = "Use a fresh cluster that is removed afterwards (its commits are not synced to disk)." };
        var words = new Argument<string[]>("command") { Description = "The program and its arguments, after --.", Arity = ArgumentArity.OneOrMore };
        var command = new Command(
            "with-database",
            "Start (or join) the database, run a command with PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE and ECOM_DATABASE set, then leave it.")
        {
            temporary,
            words,
        };
        command.SetAction((parsed, cancellationToken) => parsed.GetValue(temporary)
            ? RunTemporaryAsync(parsed.GetRequiredValue(words), cancellationToken)
            : RunAsync(parsed.GetRequiredValue(words), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string[] words, CancellationToken cancellationToken)
    {
        var settings = EnvironmentSettings.Read();
        var options = new EmbeddedPostgresOptions { Home = settings.Home };
        await using var database = await ProgramDatabase.OpenAsync(settings.Database, options, TimeProvider.System, NullLogger.Instance, cancellationToken);
        foreach (var notice in database.Notices)
            await Console.Error.WriteLineAsync(notice);

        return await RunChildAsync(words, Variables(database.ConnectionString));
    }

    /// <summary>Everything the command leaves in its temporary folder is removed with the cluster.</summary>
    private static async Task<int> RunTemporaryAsync(string[] words, CancellationToken cancellationToken)
    {
        const UnixFileMode OpenToPass = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        const UnixFileMode OpenToAll = OpenToPass | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.StickyBit;
        var folder = Directory.CreateTempSubdirectory("ecom-");
        // The server's own account has to get through to its cluster, and the command may start programs as other users.
        folder.UnixFileMode = OpenToPass;
        var temporary = folder.CreateSubdirectory("tmp");
        temporary.UnixFileMode = OpenToAll;
        try
        {
            var options = EmbeddedPostgresOptions.Temporary(Path.Combine(folder.FullName, "home"));
            await using var database = await ProgramDatabase.OpenAsync(null, options, TimeProvider.System, NullLogger.Instance, cancellationToken);
            return await RunChildAsync(words, new Dictionary<string, string?>
            {
                ["ECOM_TEST_DATABASE"] = database.ConnectionString,
                ["TMPDIR"] = temporary.FullName,
            });
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Dictionary<string, string?> Variables(string connectionString)
    {
        var connection = new NpgsqlConnectionStringBuilder(connectionString);
        return new Dictionary<string, string?>
        {
            ["ECOM_DATABASE"] = connectionString,
            ["PGHOST"] = connection.Host,
            ["PGPORT"] = connection.Port.ToString(),
            ["PGUSER"] = connection.Username,
            ["PGPASSWORD"] = connection.Password,
            ["PGDATABASE"] = connection.Database,
        };
    }

    private static async Task<int> RunChildAsync(string[] words, Dictionary<string, string?> variables)
    {
        var start = new ProcessStartInfo(words[0], words[1..]);
        foreach (var (name, value) in variables)
            start.Environment[name] = value;

        using var child = Start(start);
        // Ctrl+C reaches the child by itself, SIGTERM does not. Either way its own end is waited for: it still uses the database.
        using var forwarding = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            Libc.Signal(child.Id, Libc.Terminate);
        });
        await child.WaitForExitAsync(CancellationToken.None);
        return child.ExitCode;
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception failure)
        {
            throw new CliException(ExitCode.Usage, $"Cannot run '{start.FileName}': {failure.Message}");
        }
    }
}
