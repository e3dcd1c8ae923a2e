using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>The <c>git</c> program on one repository, with none of the machine's or the user's settings.</summary>
internal sealed partial class GitRepository(string folder, TimeProvider time)
{
    private const string Author = "EcomWorkflows";

    private const string AuthorAddress = "ecom@localhost";

    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>How long git may hold one of its lock files before it counts as left behind by a process that was killed.</summary>
    private static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(10);

    public string Folder { get; } = folder;

    public string GitFolder => Path.Combine(Folder, ".git");

    public bool Exists => File.Exists(Path.Combine(GitFolder, "HEAD"));

    public Task InitializeAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Folder);
        return RunAsync(["init", "--quiet", "--initial-branch=main", Folder], cancellationToken);
    }

    /// <summary>Standard output of a command, without the line end behind it.</summary>
    /// <exception cref="GitException">git is missing, or it failed.</exception>
    /// <exception cref="ClosedRepositoryException">git may not read or write there.</exception>
    public async Task<string> RunAsync(
        IReadOnlyList<string> arguments, CancellationToken cancellationToken, string? input = null, string? indexFile = null, DateTimeOffset? date = null)
    {
        var (exitCode, output, error) = await StartAsync(arguments, input, indexFile, date, cancellationToken);
        return exitCode == 0 ? output.TrimEnd('\n') : throw Failure(arguments, exitCode, error);
    }

    /// <summary>Like <see cref="RunAsync"/>, but null where git answers that there is no such thing.</summary>
    public async Task<string?> TryRunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var (exitCode, output, _) = await StartAsync(arguments, null, null, null, cancellationToken);
        return exitCode == 0 ? output.TrimEnd('\n') : null;
    }

    /// <summary>Like <see cref="RunAsync"/>, for commands that take git's lock files: waits for another git to end, and removes what a killed one left.</summary>
    public async Task<string> RunLockedAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken, string? input = null)
    {
        while (true)
        {
            var (exitCode, output, error) = await StartAsync(arguments, input, null, null, cancellationToken);
            if (exitCode == 0)
                return output.TrimEnd('\n');
            if (HeldLock().Match(error) is not { Success: true } held)
                throw Failure(arguments, exitCode, error);
            var file = new FileInfo(Path.Combine(Folder, held.Groups["path"].Value));
            if (file.Exists && time.GetUtcNow() - file.LastWriteTimeUtc > StaleAfter)
                file.Delete();
            else
                await Task.Delay(RetryInterval, cancellationToken);
        }
    }

    private TaskFailedException Failure(IReadOnlyList<string> arguments, int exitCode, string error) => ClosedFolder.FindReason(error) is { } reason
        ? ClosedRepositoryException.At(Folder, reason)
        : new GitException($"git {string.Join(' ', arguments)} in {Folder} ended with {exitCode}: {error.Trim()}");

    private async Task<(int ExitCode, string Output, string Error)> StartAsync(
        IReadOnlyList<string> arguments, string? input, string? indexFile, DateTimeOffset? date, CancellationToken cancellationToken)
    {
        using var process = Start(Describe(arguments, indexFile, date));
        await using var stop = cancellationToken.Register(() => process.Kill(entireProcessTree: true));
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it read everything; its exit code and words say why.
        }
        await process.WaitForExitAsync(CancellationToken.None);
        cancellationToken.ThrowIfCancellationRequested();
        return (process.ExitCode, await output, await error);
    }

    private ProcessStartInfo Describe(IReadOnlyList<string> arguments, string? indexFile, DateTimeOffset? date)
    {
        var start = new ProcessStartInfo("git")
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
        };
        foreach (var inherited in start.Environment.Keys.Where(k => k.StartsWith("GIT_", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(inherited);
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        start.Environment["LC_ALL"] = "C";
        // The folder lies inside the project's own repository by default: a damaged dataset repository must not make git answer for that one.
        start.Environment["GIT_CEILING_DIRECTORIES"] = Path.GetDirectoryName(Folder);
        start.Environment["GIT_AUTHOR_NAME"] = start.Environment["GIT_COMMITTER_NAME"] = Author;
        start.Environment["GIT_AUTHOR_EMAIL"] = start.Environment["GIT_COMMITTER_EMAIL"] = AuthorAddress;
        if (date is { } at)
            start.Environment["GIT_AUTHOR_DATE"] = start.Environment["GIT_COMMITTER_DATE"] = $"{at.ToUnixTimeSeconds()} +0000";
        if (indexFile is not null)
            start.Environment["GIT_INDEX_FILE"] = indexFile;
        // The repository may belong to another account of this machine: it is ours by its place.
        foreach (var setting in new[] { $"safe.directory={Folder}", "gc.auto=0", "core.fsync=committed", "core.quotePath=false", "core.autocrlf=false" })
        {
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add(setting);
        }
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return start;
    }

    private Process Start(ProcessStartInfo description)
    {
        try
        {
            return Process.Start(description)!;
        }
        catch (Win32Exception) when (!Directory.Exists(Folder))
        {
            throw new GitException($"The dataset repository {Folder} does not exist. A run of churn-daily makes it, and so does ./ecom datasets pull.");
        }
        catch (Win32Exception missing)
        {
            throw new GitException("The program 'git' cannot be started; dataset versions need it. Install it, for example with: apt-get install git", missing);
        }
    }

    [GeneratedRegex(@"Unable to create '(?<path>[^']+\.lock)': File exists")]
    private static partial Regex HeldLock();
}
