using System.CommandLine;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom runs list</c>.</summary>
internal static class RunsListCommand
{
    private const int DefaultLimit = 20;

    public static Command Create()
    {
        var dag = new Option<string?>("--dag") { Description = "Only runs of this DAG." };
        var state = new Option<string?>("--state") { Description = "Only runs in this state." };
        state.AcceptOnlyFromAmong([.. StateNames.All<RunState>()]);
        var limit = new Option<int>("--limit", "-n") { Description = "At most so many.", DefaultValueFactory = _ => DefaultLimit };
        var command = new Command("list", "Runs, newest first.") { dag, state, limit };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            CommandOutput.Write(
                parsed,
                await session.Get<RunReader>().ListAsync(parsed.GetValue(dag), parsed.GetValue(state), parsed.GetValue(limit), null, cancellationToken),
                ("run", run => run.RunId),
                ("dag", run => run.DagId),
                ("name", run => run.RunKey),
                ("state", run => run.State),
                ("interval start", run => run.DataIntervalStart),
                ("started", run => run.StartedAt),
                ("took", run => run.EndedAt - run.StartedAt),
                ("message", run => run.Message));
            return ExitCode.Done;
        });
        return command;
    }
}
