using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Secrets;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom connections</c>: where other systems are and how to sign in there.</summary>
internal static class ConnectionsCommand
{
    private const string SecretVariable = "ECOM_CONNECTION_PASSWORD";

    public static Command Create() => new("connections", "Where other systems are and how to sign in there; secrets are encrypted.") { Set(), Get(), List(), Delete() };

    private static Argument<string> Name() => new("name") { Description = "Name of the connection." };

    private static Command Set()
    {
        var name = Name();
        var type = new Option<string?>("--type") { Description = "postgres, http, smtp, webhook, s3, or a type of your own." };
        var host = new Option<string?>("--host") { Description = "Host, or address with its scheme." };
        var port = new Option<int?>("--port") { Description = "Port." };
        var login = new Option<string?>("--login") { Description = "User name." };
        var schema = new Option<string?>("--schema") { Description = "Database." };
        var extra = new Option<string?>("--extra") { Description = "Further settings as a JSON object; without secrets, which everybody on this machine could read here." };
        var password = new Option<bool>("--password-stdin") { Description = $"Read the password from {SecretVariable} or one line of standard input." };
        var description = new Option<string?>("--description") { Description = "What it is for." };
        var command = new Command("set", "Make or change a connection; what is not given stays as it is.") { name, type, host, port, login, schema, extra, password, description };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var secret = parsed.GetValue(password) ? await SecretInput.ReadAsync(SecretVariable, "password", cancellationToken) : null;
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            var connections = session.Get<ConnectionStore>();
            var id = parsed.GetRequiredValue(name);
            var stored = (await connections.ListAsync(cancellationToken)).FirstOrDefault(c => c.Name == id);
            await connections.SetAsync(
                new ConnectionChange(
                    id,
                    parsed.GetValue(type) ?? stored?.Type ?? throw new CliException(ExitCode.Usage, "A new connection needs --type, for example postgres, http or smtp."),
                    parsed.GetValue(host) ?? stored?.Host, parsed.GetValue(port) ?? stored?.Port, parsed.GetValue(login) ?? stored?.Login,
                    parsed.GetValue(schema) ?? stored?.Schema, secret, Extra(parsed.GetValue(extra), stored), parsed.GetValue(description) ?? stored?.Description ?? ""),
                CommandSession.Actor, cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    private static JsonObject Extra(string? given, StoredConnection? stored)
    {
        if (given is null)
            return stored is null ? [] : JsonNode.Parse(Api.Connections.ConnectionResponse.From(stored).Extra)!.AsObject();
        try
        {
            return JsonNode.Parse(given) as JsonObject ?? throw new CliException(ExitCode.Usage, "--extra must be a JSON object, for example '{\"sslmode\": \"require\"}'.");
        }
        catch (JsonException unreadable)
        {
            throw new CliException(ExitCode.Usage, $"--extra is no JSON: {unreadable.Message}");
        }
    }

    private static Command Get()
    {
        var name = Name();
        var command = new Command("get", "Show a connection, without its secrets.") { name };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            var one = await session.Get<ConnectionStore>().GetAsync(parsed.GetRequiredValue(name), cancellationToken);
            Write(parsed, [one]);
            return ExitCode.Done;
        });
        return command;
    }

    private static Command List()
    {
        var command = new Command("list", "All connections, without their secrets.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            Write(parsed, await session.Get<ConnectionStore>().ListAsync(cancellationToken));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Delete()
    {
        var name = Name();
        var command = new Command("delete", "Delete a connection.") { name };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            var id = parsed.GetRequiredValue(name);
            return await session.Get<ConnectionStore>().DeleteAsync(id, CommandSession.Actor, cancellationToken)
                ? ExitCode.Done
                : throw new NotFoundException($"There is no connection '{id}'.");
        });
        return command;
    }

    private static void Write(ParseResult parsed, IReadOnlyList<StoredConnection> connections) => CommandOutput.Write(
        parsed, connections,
        ("name", c => c.Name), ("type", c => c.Type), ("host", c => c.Host), ("port", c => c.Port), ("login", c => c.Login), ("schema", c => c.Schema),
        ("extra", c => c.Extra), ("secrets", c => c.SecretFields), ("description", c => c.Description));
}
