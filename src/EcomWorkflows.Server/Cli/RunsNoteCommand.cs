using System.CommandLine;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom runs note RUN TEXT</c>.</summary>
internal static class RunsNoteCommand
{
    public static Command Create()
    {
        var run = RunsCommand.Run();
        var text = new Argument<string>("text") { Description = "The note; an empty one removes it." };
        var task = new Option<string?>("--task", "-t") { Description = "Write it to this task, or to one instance of a mapped task: score[3]. Default: to the run." };
        var command = new Command("note", "Write a note to a run or to one of its tasks.") { run, text, task };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            var info = await RunsCommand.FindAsync(session, parsed.GetRequiredValue(run), cancellationToken);
            InstanceKey? key = parsed.GetValue(task) is { } word
                ? RerunOptions.Names([word]) is { Instances: [var instance] } ? instance : new InstanceKey(word)
                : null;
            await session.Get<RerunStore>().NoteAsync(info.RunId, key, parsed.GetRequiredValue(text), CommandSession.Actor, cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }
}
