using System.Diagnostics;
using EcomWorkflows.Server.Database;

namespace EcomWorkflows.Server.Tests.Database;

/// <summary>A real <c>ecom</c> process that uses the cluster of a home until it is told to leave, or is killed.</summary>
internal sealed class DatabaseProgram : IDisposable
{
    /// <summary>Says its own process id and then lives as long as its standard input.</summary>
    private const string Visitor = "echo $$; exec cat";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly Task<string> errors;
    private int visitor;

    private DatabaseProgram(Process process)
    {
        this.process = process;
        errors = process.StandardError.ReadToEndAsync();
    }

    public static string ProgramPath { get; } = typeof(EmbeddedPostgres).Assembly.Location;

    public int ProcessId => process.Id;

    /// <summary>Starts a program and returns once it has the database.</summary>
    public static async Task<DatabaseProgram> EnterAsync(string home, string? user = null)
    {
        var program = new DatabaseProgram(Start(home, user, [], ["sh", "-c", Visitor]));
        var first = await program.process.StandardOutput.ReadLineAsync().WaitAsync(Patience);
        if (first is null)
            throw new InvalidOperationException($"the program ended: {await program.errors}");

        program.visitor = int.Parse(first);
        return program;
    }

    /// <summary>Runs a command beside the database to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        string home, string[] command, string? user = null, params (string Name, string Value)[] environment)
    {
        using var process = Start(home, user, environment, command);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Patience);
        return (process.ExitCode, await output, await errors);
    }

    public async Task<int> LeaveAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync().WaitAsync(Patience);
        return process.ExitCode;
    }

    /// <summary>Kills the program, not the database server, with SIGKILL.</summary>
    public async Task KillAsync()
    {
        Libc.Signal(process.Id, Libc.Kill);
        Libc.Signal(visitor, Libc.Kill);
        await process.WaitForExitAsync().WaitAsync(Patience);
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: false);
        process.Dispose();
    }

    private static Process Start(string home, string? user, (string Name, string Value)[] environment, string[] command)
    {
        var start = new ProcessStartInfo("dotnet", [ProgramPath, "with-database", "--", .. command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        start.Environment["ECOM_HOME"] = home;
        start.Environment.Remove("ECOM_DATABASE");
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        if (user is not null)
            start.UserName = user;
        return Process.Start(start)!;
    }
}
