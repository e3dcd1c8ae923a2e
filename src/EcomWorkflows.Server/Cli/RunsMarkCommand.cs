using System.CommandLine;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom runs mark RUN --task TASK --as success</c>.</summary>
internal static class RunsMarkCommand
{
    public static Command Create()
    {
        var options = new RerunOptions();
        var state = new Option<string>("--as") { Description = "The state they get.", Required = true };
        state.AcceptOnlyFromAmong("success", "failed", "skipped");
        var command = new Command("mark", "Set tasks to success, failed or skipped without running them; what follows from them is decided anew.") { state };
        options.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.Children.OfType<System.CommandLine.Parsing.OptionResult>().All(o => o.Option.Name != "--task"))
                result.AddError("Say which tasks: --task TASK.");
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            var request = await options.ReadAsync(parsed, session, onlyFailed: false, cancellationToken);
            var marked = parsed.GetRequiredValue(state);
            var report = await session.Get<RerunStore>().MarkAsync(
                request, StateNames.Parse<TaskState>(marked), parsed.GetValue(options.DryRun), CommandSession.Actor, cancellationToken);
            CommandOutput.WriteOne(parsed, report, () => RerunText.Write(report, $"marked {marked}"));
            return ExitCode.Done;
        });
        return command;
    }
}
