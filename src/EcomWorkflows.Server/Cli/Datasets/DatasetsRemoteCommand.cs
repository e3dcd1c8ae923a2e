using System.CommandLine;
using EcomWorkflows.Pipeline.Versioning.Exchange;

namespace EcomWorkflows.Server.Cli.Datasets;

/// <summary><c>ecom datasets remote [LOCATION]</c>.</summary>
internal static class DatasetsRemoteCommand
{
    public static Command Create()
    {
        var location = new Argument<string?>("location") { Description = "A folder, or s3://bucket/prefix; without it, the present remote is shown.", Arity = ArgumentArity.ZeroOrOne };
        var connection = Connection();
        var command = new Command("remote", "Show or set where versions are pushed to and pulled from; DVC's program finds it too.") { location, connection };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await DatasetsCommand.OpenAsync(cancellationToken);
            var remotes = session.Get<DatasetRemote>();
            if (parsed.GetValue(location) is { } given)
                await remotes.SetAsync(new RemoteSettings(given, parsed.GetValue(connection)), cancellationToken);
            var remote = await remotes.FindAsync(cancellationToken);
            CommandOutput.WriteOne(parsed, remote, () => Console.WriteLine(remote is null
                ? "No remote is set."
                : $"{remote.Location}{(remote.Connection is { } name ? $" (connection {name})" : "")}"));
            return ExitCode.Done;
        });
        return command;
    }

    public static Option<string?> Connection() => new("--connection") { Description = "Name of a connection of type s3 (./ecom connections); without one, AWS_ACCESS_KEY_ID, AWS_ENDPOINT_URL and so on are read." };

    public static Option<string?> Location() => new("--remote") { Description = "Another remote than the one that is set: a folder, or s3://bucket/prefix." };

    /// <summary>The remote named on the command line; null for the one that is set.</summary>
    public static RemoteSettings? Named(ParseResult parsed, Option<string?> location, Option<string?> connection) =>
        parsed.GetValue(location) is { } given ? new RemoteSettings(given, parsed.GetValue(connection)) : null;
}
