using System.Diagnostics;
using EcomWorkflows.Server.Cli;

namespace EcomWorkflows.Server.Tests.Cli.Datasets;

/// <summary>The real program on a home of its own, with a <c>git</c> that can kill it: no switch in the program itself is needed to stop it at a chosen point.</summary>
internal sealed class DatasetProgram : IDisposable
{
    private const string KillingGit =
        """
        #!/bin/sh
        # Kills the program that started it right before, or right after, the git command KILL_BEFORE or KILL_AFTER names.
        skip=0
        for argument in "$@"; do
          if [ "$skip" = 1 ]; then skip=0; continue; fi
          if [ "$argument" = -c ]; then skip=1; continue; fi
          command=$argument
          break
        done
        if [ "$command" = "$KILL_BEFORE" ]; then kill -9 $PPID; exit 1; fi
        "$REAL_GIT" "$@"
        code=$?
        if [ "$command" = "$KILL_AFTER" ]; then kill -9 $PPID; fi
        exit $code
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ecom-datasets-");
    private readonly string database;

    public DatasetProgram(string database)
    {
        this.database = database;
        Directory.CreateDirectory(Home);
        var git = Path.Combine(folder.CreateSubdirectory("bin").FullName, "git");
        File.WriteAllText(git, KillingGit.ReplaceLineEndings("\n") + "\n");
        File.SetUnixFileMode(git, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public string Home => Path.Combine(folder.FullName, "home");

    public string Repository => Path.Combine(Home, "data-versions");

    public static string Assembly { get; } = typeof(CommandLine).Assembly.Location;

    public string Write(string name, string text)
    {
        var file = Path.Combine(folder.FullName, name);
        File.WriteAllText(file, text);
        return file;
    }

    /// <summary>Runs a command to its end, or to the point at which it is killed: exit code 137.</summary>
    public Task<(int ExitCode, string Output, string Errors)> RunAsync(string[] arguments, string killBefore = "-", string killAfter = "-") =>
        RunAsync("dotnet", [Assembly, .. arguments], ("KILL_BEFORE", killBefore), ("KILL_AFTER", killAfter));

    public async Task<(int ExitCode, string Output, string Errors)> RunAsync(string program, string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        var path = Environment.GetEnvironmentVariable("PATH")!;
        start.Environment["REAL_GIT"] = path.Split(':').Select(p => Path.Combine(p, "git")).First(File.Exists);
        start.Environment["PATH"] = $"{Path.Combine(folder.FullName, "bin")}:{path}";
        start.Environment["ECOM_HOME"] = Home;
        start.Environment["ECOM_DATABASE"] = database;
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Patience);
        return (process.ExitCode, await output, await errors);
    }

    /// <summary>Output of git as a user of the repository runs it.</summary>
    public async Task<string> GitAsync(params string[] arguments) => (await RunAsync("git", ["-C", Repository, .. arguments])).Output.TrimEnd('\n');

    public void Dispose() => folder.Delete(recursive: true);
}
