using System.CommandLine;
using EcomWorkflows.Server.Access;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom users</c>: accounts, their roles and passwords, and API keys. Passwords come from the terminal or stdin, never from the command line.</summary>
internal static class UsersCommand
{
    public static Command Create() => new("users", "Accounts, roles and API keys of the server.")
    {
        List(),
        Add(),
        SetRole(),
        Password(),
        SetActive("disable", false, "Keep an account from signing in; its sessions end and its keys stop working."),
        SetActive("enable", true, "Let a disabled or locked account sign in again."),
        Delete(),
        UserKeysCommand.Create(),
    };

    internal static Argument<string> Name() => new("name") { Description = "Name of the account." };

    /// <summary>Runs what changes accounts; what cannot be done is wrong usage.</summary>
    internal static async Task<int> ChangeAsync(Func<AccountStore, Task<string>> change, CancellationToken cancellationToken)
    {
        await using var session = await CommandSession.OpenAsync(cancellationToken);
        try
        {
            Console.WriteLine(await change(session.Get<AccountStore>()));
            return ExitCode.Done;
        }
        catch (AccessException refused)
        {
            throw new CliException(ExitCode.Usage, refused.Message);
        }
    }

    private static Command List()
    {
        var command = new Command("list", "All accounts.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            CommandOutput.Write(
                parsed, await session.Get<AccountStore>().ListAsync(cancellationToken), ("name", a => a.Name), ("role", a => AccountStore.Wire(a.Role)), ("active", a => a.IsActive),
                ("password", a => a.HasPassword), ("locked until", a => a.LockedUntil > DateTimeOffset.MinValue ? a.LockedUntil : null), ("last sign-in", a => a.SignedInAt), ("created", a => a.CreatedAt), ("by", a => a.CreatedBy));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Add()
    {
        var name = Name();
        var role = new Option<Role>("--role") { Description = "viewer, operator, editor or admin.", DefaultValueFactory = _ => Role.Viewer };
        var keysOnly = new Option<bool>("--keys-only") { Description = "No password: a program that signs in with API keys." };
        var command = new Command("add", "Make an account; asks for the password, or reads it from stdin.") { name, role, keysOnly };
        command.SetAction((parsed, cancellationToken) => ChangeAsync(
            async accounts =>
            {
                var password = parsed.GetValue(keysOnly) ? null : PasswordPrompt.Read();
                var account = await accounts.AddAsync(parsed.GetRequiredValue(name), parsed.GetValue(role), password, CommandSession.Actor, cancellationToken);
                return $"account '{account.Name}' ({AccountStore.Wire(account.Role)}) is made";
            },
            cancellationToken));
        return command;
    }

    private static Command SetRole()
    {
        var name = Name();
        var role = new Argument<Role>("role") { Description = "viewer, operator, editor or admin." };
        var command = new Command("role", "Change an account's role; it has to sign in again.") { name, role };
        command.SetAction((parsed, cancellationToken) => ChangeAsync(
            async accounts =>
            {
                await accounts.SetRoleAsync(parsed.GetRequiredValue(name), parsed.GetRequiredValue(role), CommandSession.Actor, cancellationToken);
                return $"'{parsed.GetRequiredValue(name)}' is {AccountStore.Wire(parsed.GetRequiredValue(role))} now";
            },
            cancellationToken));
        return command;
    }

    private static Command Password()
    {
        var name = Name();
        var command = new Command("password", "Set an account's password; asks for it, or reads it from stdin. Its sessions end.") { name };
        command.SetAction((parsed, cancellationToken) => ChangeAsync(
            async accounts =>
            {
                await accounts.SetPasswordAsync(parsed.GetRequiredValue(name), PasswordPrompt.Read(), CommandSession.Actor, cancellationToken);
                return $"the password of '{parsed.GetRequiredValue(name)}' is set";
            },
            cancellationToken));
        return command;
    }

    private static Command SetActive(string word, bool isActive, string description)
    {
        var name = Name();
        var command = new Command(word, description) { name };
        command.SetAction((parsed, cancellationToken) => ChangeAsync(
            async accounts =>
            {
                await accounts.SetActiveAsync(parsed.GetRequiredValue(name), isActive, CommandSession.Actor, cancellationToken);
                return $"'{parsed.GetRequiredValue(name)}' is {(isActive ? "enabled" : "disabled")}";
            },
            cancellationToken));
        return command;
    }

    private static Command Delete()
    {
        var name = Name();
        var command = new Command("delete", "Delete an account with its keys; what it did stays in the event log.") { name };
        command.SetAction((parsed, cancellationToken) => ChangeAsync(
            async accounts =>
            {
                await accounts.DeleteAsync(parsed.GetRequiredValue(name), CommandSession.Actor, cancellationToken);
                return $"account '{parsed.GetRequiredValue(name)}' is deleted";
            },
            cancellationToken));
        return command;
    }
}
