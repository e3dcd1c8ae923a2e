using System.CommandLine;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom dags list</c>.</summary>
internal static class DagsListCommand
{
    public static Command Create()
    {
        var command = new Command("list", "All DAGs with their current versions. Files that could not be imported are named on stderr.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await DagsCommand.OpenAsync(cancellationToken);
            CommandOutput.Write(
                parsed,
                await session.Get<DagStore>().ListAsync(cancellationToken),
                ("dag", dag => dag.DagId),
                ("version", dag => dag.CurrentVersion),
                ("paused", dag => dag.IsPaused),
                ("active", dag => dag.IsActive),
                ("file", dag => dag.SourceFile),
                ("edited", dag => dag.IsEdited),
                ("draft", dag => dag.HasDraft),
                ("updated", dag => dag.UpdatedAt));
            return ExitCode.Done;
        });
        return command;
    }
}
