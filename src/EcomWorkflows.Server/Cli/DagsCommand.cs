using System.CommandLine;
using EcomWorkflows.Server.Hosting;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom dags</c>: what there is to run, and starting, pausing and looking ahead.</summary>
internal static class DagsCommand
{
    public static Command Create() => new("dags", "List, show, trigger, pause and unpause DAGs, see when they run next, and bring files and edits together.")
    {
        DagsListCommand.Create(),
        DagsShowCommand.Create(),
        DagsTriggerCommand.Create(),
        DagsNextCommand.Create(),
        DagsExportCommand.Create(),
        DagsDiffCommand.Create(),
        DagsImportCommand.Create(),
        DagsPauseCommand.Create("pause", paused: true, "Keep a DAG from starting runs and tasks, those of running runs too; tasks that run go on to their end."),
        DagsPauseCommand.Create("unpause", paused: false, "Let a paused DAG start runs and tasks again."),
    };

    /// <summary>The one argument of most of its commands.</summary>
    public static Argument<string> DagId() => new("dag") { Description = "Id of the DAG, as in ./ecom dags list." };

    /// <summary>A session in which the DAGs are those of the workflow files.</summary>
    public static async Task<CommandSession> OpenAsync(CancellationToken cancellationToken)
    {
        var session = await CommandSession.OpenAsync(cancellationToken);
        ImportErrorNotice.Write(await session.Get<WorkflowImport>().RunAsync(cancellationToken));
        return session;
    }
}
