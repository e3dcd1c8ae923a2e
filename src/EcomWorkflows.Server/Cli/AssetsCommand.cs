using System.CommandLine;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom assets</c>: what tasks write and read, when it was written, and what that started.</summary>
internal static class AssetsCommand
{
    private const int DefaultLimit = 20;

    public static Command Create() => new("assets", "Assets that tasks write and read, their events, and the graph between them.") { ListCommand(), EventsCommand(), GraphCommand() };

    private static Command ListCommand()
    {
        var name = new Option<string?>("--name") { Description = "Only assets whose name contains this." };
        var limit = new Option<int>("--limit", "-n") { Description = "At most so many.", DefaultValueFactory = _ => 100 };
        var command = new Command("list", "Assets, who writes, reads and waits for them, and their newest event.") { name, limit };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await DagsCommand.OpenAsync(cancellationToken);
            var (assets, _) = await session.Get<AssetReader>().ListAsync(parsed.GetValue(name), parsed.GetValue(limit), 0, cancellationToken);
            CommandOutput.Write(
                parsed,
                assets,
                ("asset", asset => asset.Name),
                ("written by", asset => Uses(asset, "outlet")),
                ("read by", asset => Uses(asset, "inlet")),
                ("starts", asset => Uses(asset, "schedule")),
                ("last event", asset => asset.LastEventAt),
                ("rows", asset => asset.LastRowCount));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command EventsCommand()
    {
        var asset = new Option<string?>("--asset") { Description = "Only events of this asset." };
        var dag = new Option<string?>("--dag") { Description = "Only events of tasks of this DAG." };
        var limit = new Option<int>("--limit", "-n") { Description = "At most so many.", DefaultValueFactory = _ => DefaultLimit };
        var command = new Command("events", "Events of assets, newest first, and the runs they started.") { asset, dag, limit };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            var (events, _) = await session.Get<AssetReader>().EventsAsync(parsed.GetValue(asset), parsed.GetValue(dag), null, parsed.GetValue(limit), 0, cancellationToken);
            CommandOutput.Write(
                parsed,
                events,
                ("event", one => one.AssetEventId),
                ("at", one => one.OccurredAt),
                ("asset", one => one.Asset),
                ("rows", one => one.RowCount),
                ("written by", one => one.DagId is null ? one.CreatedBy : $"{one.DagId}/{one.RunKey} {one.TaskId}"),
                ("extra", one => one.Extra == "{}" ? null : JsonNode.Parse(one.Extra)),
                ("started", one => one.CreatedRuns.Select(run => $"{run.DagId}/{run.RunKey}")));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command GraphCommand()
    {
        var command = new Command("graph", "Which task writes, reads and which DAG waits for which asset: one row per edge.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await DagsCommand.OpenAsync(cancellationToken);
            CommandOutput.Write(
                parsed,
                await session.Get<AssetReader>().GraphAsync(cancellationToken),
                ("from", use => use.Role == "outlet" ? $"{use.DagId}.{use.TaskId}" : use.Asset),
                ("", use => "→"),
                ("to", use => use.Role switch { "outlet" => use.Asset, "inlet" => $"{use.DagId}.{use.TaskId}", _ => $"{use.DagId} (starts)" }));
            return ExitCode.Done;
        });
        return command;
    }

    private static IEnumerable<string> Uses(AssetInfo asset, string role) =>
        asset.Uses.Where(u => u.Role == role).Select(u => u.TaskId.Length == 0 ? u.DagId : $"{u.DagId}.{u.TaskId}");
}
