using System.CommandLine;
using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom runs</c>: what ran, how, and running it again.</summary>
internal static class RunsCommand
{
    public static Command Create() => new("runs", "List, show, rerun, mark and cancel DAG runs, read their logs, and say why they wait.")
    {
        RunsListCommand.Create(),
        RunsShowCommand.Create(),
        RunsRerunCommand.Create(),
        RunsClearCommand.Create(),
        RunsMarkCommand.Create(),
        RunsNoteCommand.Create(),
        RunsWhyCommand.Create(),
        RunsCancelCommand.Create(),
        RunsLogsCommand.Create(),
    };

    public static Argument<string> Run() => new("run") { Description = "Number of the run, DAG/NAME, or latest." };

    /// <summary>Finds the run a person means.</summary>
    /// <exception cref="NotFoundException">There is none.</exception>
    public static async Task<RunInfo> FindAsync(CommandSession session, string word, CancellationToken cancellationToken)
    {
        var runs = session.Get<RunReader>();
        if (word == "latest")
            return (await runs.ListAsync(null, null, 1, null, cancellationToken)) is [var latest]
                ? latest
                : throw new NotFoundException("There is no run yet: ./ecom dags trigger DAG makes one.");
        if (long.TryParse(word, out var runId))
            return await runs.GetAsync(runId, cancellationToken);
        if (word.Split('/', 2) is [var dagId, var runKey])
            return await runs.GetAsync(dagId, runKey, cancellationToken);

        throw new CliException(ExitCode.Usage, $"'{word}' names no run: give its number, DAG/NAME, or latest (./ecom runs list shows them).");
    }
}
