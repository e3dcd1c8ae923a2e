using System.CommandLine;
using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Execution;
using EcomWorkflows.Orchestration.Secrets;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom variables</c>: values that DAGs read with <c>{{ var.name }}</c>.</summary>
internal static class VariablesCommand
{
    private const string SecretVariable = "ECOM_VARIABLE_VALUE";

    public static Command Create() => new("variables", "Values that DAGs read by name.") { Set(), Get(), List(), Delete() };

    private static Argument<string> Name() => new("name") { Description = "Name of the variable." };

    private static Command Set()
    {
        var name = Name();
        var value = new Argument<string?>("value") { Description = $"The value; without it, it is read from {SecretVariable} or standard input.", Arity = ArgumentArity.ZeroOrOne };
        var secret = new Option<bool>("--secret") { Description = "Encrypt it and never show it again; the value must come from standard input or the environment." };
        var description = new Option<string?>("--description") { Description = "What it is for." };
        var command = new Command("set", "Set a variable.") { name, value, secret, description };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var isSecret = parsed.GetValue(secret);
            if (isSecret && parsed.GetValue(value) is not null)
                throw new CliException(ExitCode.Usage, $"A secret on the command line can be read by everybody on this machine. Pipe it in, or set {SecretVariable}.");
            var text = parsed.GetValue(value) ?? await SecretInput.ReadAsync(SecretVariable, "value", cancellationToken);
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            await session.Get<VariableStore>().SetAsync(parsed.GetRequiredValue(name), text, isSecret, parsed.GetValue(description), CommandSession.Actor, cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Get()
    {
        var name = Name();
        var command = new Command("get", "Show a variable; a secret as ***.") { name };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            var variable = await session.Get<VariableStore>().GetAsync(parsed.GetRequiredValue(name), cancellationToken);
            CommandOutput.WriteOne(parsed, variable, () => Console.WriteLine(variable.Value ?? SecretMasker.Mask));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command List()
    {
        var command = new Command("list", "All variables.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            CommandOutput.Write(
                parsed, await session.Get<VariableStore>().ListAsync(cancellationToken),
                ("name", v => v.Name), ("value", v => v.Value ?? SecretMasker.Mask), ("secret", v => v.IsSecret), ("description", v => v.Description), ("updated", v => v.UpdatedAt));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Delete()
    {
        var name = Name();
        var command = new Command("delete", "Delete a variable.") { name };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            var id = parsed.GetRequiredValue(name);
            return await session.Get<VariableStore>().DeleteAsync(id, CommandSession.Actor, cancellationToken)
                ? ExitCode.Done
                : throw new NotFoundException($"There is no variable '{id}'.");
        });
        return command;
    }
}
