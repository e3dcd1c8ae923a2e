using System.CommandLine;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Scheduling;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Pipeline.Simulation;
using EcomWorkflows.Server.Cli.Demo;
using EcomWorkflows.Server.Database;
using EcomWorkflows.Server.Hosting;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom demo</c>: the whole of <c>churn-daily</c> from raw files to scored customers, then a summary and the server.</summary>
internal static class DemoCommand
{
    private const string DagId = "churn-daily";

    public static Command Create()
    {
        var exit = new Option<bool>("--exit") { Description = "Stop after the summary." };
        var source = new Option<string>("--source") { Description = "Whose data: a name in workflows/sources.", DefaultValueFactory = _ => DemoInput.SimulatedShop };
        var file = new Option<string?>("--file") { Description = "The data file, for sources that read one (gzip is read directly)." };
        var scale = new Option<SimulationScale?>("--scale") { Description = "Size of the simulated shop: small (default), medium or full." };
        var seed = new Option<ulong?>("--seed") { Description = "Seed of the simulated shop; the same seed gives the same shop." };
        var command = new Command("demo", "Run churn-daily on a simulated shop (or a real file), show what came of it, and serve until Ctrl+C.") { exit, source, file, scale, seed };
        command.SetAction((parsed, cancellationToken) =>
        {
            var settings = EnvironmentSettings.Read();
            var input = DemoInput.Check(settings, parsed.GetRequiredValue(source), parsed.GetValue(file), parsed.GetValue(scale), parsed.GetValue(seed));
            return RunAsync(parsed, settings, input, parsed.GetValue(exit), cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, EnvironmentSettings settings, DemoInput input, bool exit, CancellationToken cancellationToken)
    {
        await using var database = await CommandSession.OpenDatabaseAsync(settings, cancellationToken);
        await input.PrepareAsync(settings, TimeProvider.System, cancellationToken);
        await using var host = await StartHostAsync(settings, database, cancellationToken);

        var run = await FollowAsync(host, input, cancellationToken);
        var summary = await DemoSummary.ReadAsync(host.Services, settings, run, host.Address, cancellationToken);
        CommandOutput.WriteOne(parsed, summary, () => DemoSummaryText.Write(summary));
        if (!exit)
        {
            await Console.Error.WriteLineAsync($"Serving on {host.Address} (Ctrl+C stops)");
            await host.WaitAsync(cancellationToken);
        }

        return summary.Succeeded ? ExitCode.Done : ExitCode.Failed;
    }

    private static async Task<EcomHost> StartHostAsync(EnvironmentSettings settings, ProgramDatabase database, CancellationToken cancellationToken)
    {
        var urls = ListenAddress.OrFreePort(settings.Urls);
        if (urls != settings.Urls)
            await Console.Error.WriteLineAsync($"{settings.Urls} is taken by another program; the demo is on {urls}.");

        var host = await EcomHost.StartAsync(settings, database, new ServerMode(IsDemo: true), urls, LogLevel.Warning, cancellationToken);
        ImportErrorNotice.Write(host.ImportErrors);
        return host;
    }

    /// <summary>Starts a run, or finds the one that an earlier, killed demo left, and follows it to its end.</summary>
    private static async Task<RunInfo> FollowAsync(EcomHost host, DemoInput input, CancellationToken cancellationToken)
    {
        var dags = host.Services.GetRequiredService<DagStore>();
        var dag = await dags.GetAsync(DagId, cancellationToken);
        if (dag.IsPaused)
            throw new CliException(ExitCode.Failed, $"{DagId} is paused, so it starts no run. Unpause it: ./ecom dags unpause {DagId}");

        var runs = host.Services.GetRequiredService<RunReader>();
        var (parameters, _) = ParamRules.Resolve((await dags.CurrentGraphAsync(DagId, cancellationToken)).Dag.Params, input.Params);
        var runId = await FindUnfinishedAsync(runs, parameters, cancellationToken);
        if (runId is not null)
            await Console.Error.WriteLineAsync($"Going on with run {runId}, which an earlier program left unfinished.");
        runId ??= (await host.Services.GetRequiredService<ManualRuns>().TriggerAsync(
            DagId, input.Params, null, CommandSession.Actor, cancellationToken, note: "demo")).RunId;

        try
        {
            return await new RunProgress(runs, TimeProvider.System).FollowAsync(runId.Value, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"Stopped; the next ./ecom demo goes on with run {runId}.");
            throw;
        }
    }

    /// <param name="parameters">The run's, the DAG's defaults among them.</param>
    private static async Task<long?> FindUnfinishedAsync(RunReader runs, JsonObject parameters, CancellationToken cancellationToken)
    {
        const int Enough = 50;
        foreach (var state in new[] { RunState.Running, RunState.Queued })
            foreach (var run in await runs.ListAsync(DagId, state.ToWire(), Enough, null, cancellationToken))
                if (JsonNode.DeepEquals(JsonNode.Parse(run.Params), parameters))
                    return run.RunId;

        return null;
    }
}
