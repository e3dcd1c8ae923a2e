using System.CommandLine;
using EcomWorkflows.Server.Access;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom users keys</c></summary>
internal static class UserKeysCommand
{
    public static Command Create() => new("keys", "API keys: what programs sign in with.")
    {
        List(),
        Add(),
        Revoke(),
    };

    private static Command List()
    {
        var command = new Command("list", "All keys, without their secrets.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            CommandOutput.Write(
                parsed, await session.Get<AccountStore>().KeysAsync(cancellationToken), ("key", k => k.KeyId), ("account", k => k.Account), ("purpose", k => k.Purpose),
                ("created", k => k.CreatedAt), ("by", k => k.CreatedBy), ("expires", k => k.ExpiresAt), ("revoked", k => k.RevokedAt));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Add()
    {
        var name = UsersCommand.Name();
        var purpose = new Option<string>("--for") { Description = "What the key is for.", DefaultValueFactory = _ => "" };
        var days = new Option<int?>("--days") { Description = "Days until it expires. Default: never." };
        days.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1 or > 3650)
                result.AddError("--days takes 1 to 3650.");
        });
        var command = new Command("add", "Make a key for an account and print it once.") { name, purpose, days };
        command.SetAction((parsed, cancellationToken) => UsersCommand.ChangeAsync(
            async accounts => (await accounts.AddKeyAsync(
                parsed.GetRequiredValue(name), parsed.GetValue(purpose) ?? "", parsed.GetValue(days) is { } count ? TimeSpan.FromDays(count) : null, CommandSession.Actor, cancellationToken)).Text,
            cancellationToken));
        return command;
    }

    private static Command Revoke()
    {
        var key = new Argument<string>("key") { Description = "Id of the key, as in ./ecom users keys list." };
        var command = new Command("revoke", "End a key; running servers notice within five seconds.") { key };
        command.SetAction((parsed, cancellationToken) => UsersCommand.ChangeAsync(
            async accounts =>
            {
                await accounts.RevokeKeyAsync(parsed.GetRequiredValue(key), CommandSession.Actor, cancellationToken);
                return $"key {parsed.GetRequiredValue(key)} is revoked";
            },
            cancellationToken));
        return command;
    }
}
