using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Scheduling;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom dags trigger DAG</c>.</summary>
internal static class DagsTriggerCommand
{
    public static Command Create()
    {
        var dagId = DagsCommand.DagId();
        var param = new Option<string[]>("--param", "-p") { Description = "NAME=VALUE, as often as needed; a value that is JSON counts as JSON.", AllowMultipleArgumentsPerToken = false };
        var date = new Option<DateTimeOffset?>("--logical-date") { Description = "Logical date of the run, for example 2026-01-31T00:00Z. Default: now." };
        var note = new Option<string?>("--note") { Description = "A remark that stays with the run." };
        var command = new Command("trigger", "Start a run; it is carried out where a node is up (./ecom serve).") { dagId, param, date, note };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await DagsCommand.OpenAsync(cancellationToken);
            var run = await session.Get<ManualRuns>().TriggerAsync(
                parsed.GetRequiredValue(dagId),
                Params(parsed.GetValue(param) ?? []),
                parsed.GetValue(date),
                CommandSession.Actor,
                cancellationToken,
                note: parsed.GetValue(note));
            CommandOutput.WriteOne(parsed, run, () => Console.WriteLine($"run {run.RunId} ({run.RunKey}) is queued"));
            await NodeNotice.WriteAsync(session, cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>Reads NAME=VALUE words; a value that is no JSON is a string.</summary>
    internal static JsonObject? Params(IReadOnlyList<string> words)
    {
        if (words.Count == 0)
            return null;

        var given = new JsonObject();
        foreach (var word in words)
        {
            if (word.Split('=', 2) is not [{ Length: > 0 } name, var value])
                throw new CliException(ExitCode.Usage, $"--param takes NAME=VALUE, for example --param source=shop; got '{word}'.");

            given[name] = Value(value);
        }

        return given;
    }

    private static JsonNode? Value(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }
}
