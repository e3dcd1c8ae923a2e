using System.CommandLine;
using EcomWorkflows.Orchestration.BuiltIn;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom tasks approve|reject|answer RUN TASK</c>: answers what a task asks.</summary>
internal static class TasksAnswerCommand
{
    public static IEnumerable<Command> CreateAll()
    {
        yield return Create("approve", "Approve what a task asks; its run goes on.", ApprovalTask.Approve);
        yield return Create("reject", "Reject what a task asks.", ApprovalTask.Reject);
        yield return Create("answer", "Give a task another of the answers it offers.", null);
    }

    private static Command Create(string name, string description, string? answer)
    {
        var run = RunsCommand.Run();
        var task = new Argument<string>("task") { Description = "Id of the task." };
        var option = new Argument<string>("answer") { Description = "One of the options the task offers." };
        var comment = new Option<string?>("--comment") { Description = "Kept with the answer." };
        var mapIndex = new Option<int>("--map-index") { Description = "Number of the element, for a mapped task.", DefaultValueFactory = _ => -1 };
        var command = new Command(name, description) { run, task };
        if (answer is null)
            command.Add(option);
        command.Add(comment);
        command.Add(mapIndex);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            var info = await RunsCommand.FindAsync(session, parsed.GetRequiredValue(run), cancellationToken);
            var given = await session.Get<QuestionStore>().AnswerAsync(
                info.RunId, parsed.GetRequiredValue(task), parsed.GetValue(mapIndex), answer ?? parsed.GetRequiredValue(option), parsed.GetValue(comment), CommandSession.Actor,
                cancellationToken);
            await Console.Error.WriteLineAsync($"'{given.Subject}': {given.Answer}.");
            return ExitCode.Done;
        });
        return command;
    }
}
