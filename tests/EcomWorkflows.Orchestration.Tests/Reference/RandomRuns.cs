using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Testing;
using Npgsql;
using Shouldly;

namespace EcomWorkflows.Orchestration.Tests.Reference;

/// <summary>Drives many random runs at once through the real storage with scripted outcomes, and the reference interpreter beside it.</summary>
internal sealed class RandomRuns(NpgsqlDataSource database, int seed)
{
    private const int Nodes = 2;

    private readonly Random random = new(seed);
    private readonly ManualTime time = new();
    private readonly DagStore dags = new(database);
    private readonly Dictionary<long, RunUnderTest> runs = [];
    private readonly Dictionary<long, ClaimedAttempt> running = [];
    private readonly Guid[] nodes = new Guid[Nodes];

    private CompletionStore Completions => new(database, dags, time);

    private RerunStore Reruns => new(database, dags, Runs, []);

    private RunStore Runs => new(database, dags);

    public async Task RunAsync(int count, int largest)
    {
        for (var node = 0; node < Nodes; node++)
            await RegisterAsync(node);
        foreach (var (pool, slots) in RandomDag.Pools)
            await new PoolStore(database, dags).SetAsync(pool, slots, null, "test", CancellationToken.None);
        for (var i = 0; runs.Count < count; i++)
            await CreateAsync(i, largest);
        var actions = count * 2;
        for (var step = 0; step < 100_000; step++)
        {
            var claimed = await ClaimAsync();
            var completed = await CompleteAsync();
            var acts = actions > 0 && random.Next(3) == 0;
            if (acts)
            {
                for (var n = random.Next(1, 1 + (count / 4)); n > 0 && actions > 0; n--, actions--)
                    await ActAsync();
            }
            if (acts || claimed + completed > 0 || running.Count > 0)
                continue;
            if (await AdvanceAsync() || actions > 0 && await ActAsync())
                continue;
            break;
        }
        await CheckAsync();
    }

    private async Task RegisterAsync(int node)
    {
        nodes[node] = NewGuid();
        await new NodeStore(database).RegisterAsync(
            new NodeIdentity { NodeId = nodes[node], Host = $"host{seed}", BootId = "boot", ProcessId = node + 1, ProcessTicks = 1 }, TimeSpan.FromHours(1), "test", CancellationToken.None);
    }

    private Guid NewGuid()
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }

    private async Task CreateAsync(int number, int largest)
    {
        var size = random.Next(10) switch { 0 => random.Next(1, largest + 1), < 4 => random.Next(8, 25), _ => random.Next(1, 10) };
        var dag = new RandomDag(random).Build($"dag_{seed}_{number}", Math.Min(size, largest));
        await dags.ImportAsync(dag, "{}", DagHash.Compute(dag), default(SourceFile), "test", CancellationToken.None);
        for (var several = random.Next(6) == 0 ? 3 : 1; several > 0; several--)
        {
            var length = random.Next(4);
            var date = time.Now.AddMinutes(-several);
            var parameters = new JsonObject { ["list"] = new JsonArray([.. Enumerable.Range(0, length).Select(i => (JsonNode)i)]) };
            var created = await Runs.CreateAsync(new RunRequest(dag.DagId, "manual", date, date, date, parameters, "test"), CancellationToken.None);
            var run = new RunUnderTest(created.RunId, seed, dag, new ReferenceRun(dag, length));
            runs[created.RunId] = run;
            run.Reference.Settle();
        }
    }

    private IEnumerable<RunUnderTest> RunsOf(string dagId) => runs.Values.Where(r => r.Dag.DagId == dagId);

    private async Task<int> ClaimAsync()
    {
        var claimed = await new ClaimStore(database, dags).ClaimAsync(nodes[random.Next(Nodes)], random.Next(1, 120), CancellationToken.None);
        Start(claimed);
        return claimed.Count;
    }

    private void Start(IReadOnlyList<ClaimedAttempt> claimed)
    {
        foreach (var attempt in claimed)
        {
            var run = runs[attempt.RunId];
            var instance = run.Reference.Instances.SingleOrDefault(i => i.TaskId == attempt.TaskId && i.Index == attempt.MapIndex);
            run.IsPaused.ShouldBeFalse(run.Describe());
            (instance?.Fact).ShouldBe("queued", $"{attempt.TaskId}[{attempt.MapIndex}] was claimed. {run.Describe()}");
            instance!.Start();
            running[attempt.AttemptId] = attempt;
        }
    }

    private async Task<int> CompleteAsync()
    {
        var ending = running.Values.Where(_ => random.Next(3) > 0).OrderBy(_ => random.Next()).ToList();
        if (ending.Count == 0)
            return 0;
        var outcomes = ending.ConvertAll(a => (Attempt: a, Script: Script(a)));
        // As a node does it: the next attempts come from the transaction that ends these; or they are left to whoever claims next.
        var demand = new NodeDemand(nodes[random.Next(Nodes)], random.Next(2) * random.Next(1, 120));
        var handOver = await Completions.HandOverAsync([.. outcomes.Select(o => Outcome(o.Attempt, o.Script))], [], demand, "test", CancellationToken.None);
        foreach (var (attempt, script) in outcomes)
        {
            running.Remove(attempt.AttemptId);
            var run = runs[attempt.RunId];
            handOver.Refused.ShouldNotContain(attempt.AttemptId, $"{attempt.TaskId}[{attempt.MapIndex}] {run.Describe()}");
            run.Say($"{attempt.TaskId}[{attempt.MapIndex}] {script.Kind} {(script.Ports is null ? "" : string.Join("+", script.Ports))}{script.CutsDirectOnly}{script.ListLength}");
            run.Reference.Finish(run.Reference.Find(attempt.TaskId, attempt.MapIndex), script);
        }
        foreach (var runId in outcomes.Select(o => o.Attempt.RunId).Distinct())
        {
            runs[runId].Reference.Settle();
            await DropRemovedAsync(runs[runId]);
        }
        Start(handOver.Started);
        return ending.Count;
    }

    /// <summary>Attempts of instances that mapping has removed while they ran were fenced: their outcomes are refused.</summary>
    private async Task DropRemovedAsync(RunUnderTest run)
    {
        foreach (var attempt in running.Values.Where(a => a.RunId == run.RunId).ToList())
        {
            if (run.Reference.Instances.Any(i => i.TaskId == attempt.TaskId && i.Index == attempt.MapIndex && i.Fact == "running"))
                continue;
            running.Remove(attempt.AttemptId);
            await MustBeRefusedAsync(attempt, run);
        }
    }

    private async Task MustBeRefusedAsync(ClaimedAttempt attempt, RunUnderTest run) =>
        (await Completions.CompleteAsync([AttemptOutcome.Succeeded(attempt.AttemptId, attempt.RunId, "{}")], "late", CancellationToken.None))
            .ShouldBe([attempt.AttemptId], $"a late outcome of {attempt.TaskId}[{attempt.MapIndex}] {run.Describe()}");

    private ScriptedOutcome Script(ClaimedAttempt attempt)
    {
        var task = runs[attempt.RunId].Reference.Graph.Task(attempt.TaskId);
        switch (random.Next(20))
        {
            case 0: return new ScriptedOutcome(OutcomeKind.WorkerLost);
            case 1 or 2: return new ScriptedOutcome(OutcomeKind.Fail);
            case 3: return new ScriptedOutcome(OutcomeKind.FailForGood);
            case 4: return new ScriptedOutcome(OutcomeKind.Skip);
        }
        return task.TaskType switch
        {
            ControlTasks.Branch => new ScriptedOutcome(OutcomeKind.Success, Ports: [.. RandomDag.Outcomes.Where(_ => random.Next(2) == 0)]),
            ControlTasks.ShortCircuit when random.Next(2) == 0 => new ScriptedOutcome(OutcomeKind.Success, CutsDirectOnly: task.Inputs[ControlTasks.RespectTriggerRules]!.GetValue<bool>()),
            _ => new ScriptedOutcome(OutcomeKind.Success, ListLength: random.Next(60) switch { 0 => 1025, 1 => null, _ => random.Next(5) }),
        };
    }

    private static AttemptOutcome Outcome(ClaimedAttempt attempt, ScriptedOutcome script) => script.Kind switch
    {
        OutcomeKind.WorkerLost => AttemptOutcome.Failed(attempt.AttemptId, attempt.RunId, FailureCause.WorkerLost, "lost"),
        OutcomeKind.Fail => AttemptOutcome.Failed(attempt.AttemptId, attempt.RunId, FailureCause.UserError, "failed"),
        OutcomeKind.FailForGood => AttemptOutcome.Failed(attempt.AttemptId, attempt.RunId, FailureCause.UserError, "failed", retryable: false),
        OutcomeKind.Skip => AttemptOutcome.Skipped(attempt.AttemptId, attempt.RunId, "nothing to do"),
        _ => AttemptOutcome.Succeeded(
            attempt.AttemptId, attempt.RunId, JsonSerializer.Serialize(script.ListLength is { } length ? new { items = Enumerable.Range(0, length).ToArray() } : (object)new { }))
            with { Routing = script.Ports is { } ports ? new Routing(ports) : script.CutsDirectOnly is { } direct ? new Routing(null, direct ? SkipScope.Direct : SkipScope.All) : null },
    };

    /// <summary>Nothing runs and nothing is queued: time passes, paused DAGs go on.</summary>
    private async Task<bool> AdvanceAsync()
    {
        var moved = false;
        foreach (var run in runs.Values.Where(r => r.IsPaused).ToList())
        {
            await dags.SetPausedAsync(run.Dag.DagId, false, "test", CancellationToken.None);
            foreach (var one in RunsOf(run.Dag.DagId))
                one.IsPaused = false;
            run.Say("unpaused");
            moved = true;
        }
        if (moved)
        {
            await Runs.StartWaitingAsync("test", CancellationToken.None);
            foreach (var run in runs.Values.Where(r => r.Reference.IsWaiting))
            {
                run.Reference.IsWaiting = false;
                run.Reference.Settle();
            }
        }
        time.Now += TimeSpan.FromMinutes(2);
        while (await new SweepStore(database, dags, Completions, Reruns, time).QueueDueAsync("test", CancellationToken.None) > 0)
            moved = true;
        foreach (var run in runs.Values)
            run.Reference.RetriesAreDue();
        return moved;
    }

    private async Task<bool> ActAsync()
    {
        var run = runs.Values.ElementAt(random.Next(runs.Count));
        switch (random.Next(12))
        {
            case < 5:
                await ClearAsync(run);
                break;
            case 5 or 6:
                await MarkAsync(run);
                break;
            case 7:
                run.Say("cancelled");
                await Reruns.CancelAsync(run.RunId, "test", CancellationToken.None);
                run.Reference.Cancel();
                run.Reference.Settle();
                await DropRemovedAsync(run);
                break;
            case 8 or 9 when !run.IsPaused:
                run.Say("paused");
                (await dags.SetPausedAsync(run.Dag.DagId, true, "test", CancellationToken.None)).ShouldBeTrue();
                foreach (var one in RunsOf(run.Dag.DagId))
                    one.IsPaused = true;
                break;
            case 10:
                await LoseNodeAsync();
                break;
            default:
                await AdvanceAsync();
                break;
        }
        return true;
    }

    private async Task ClearAsync(RunUnderTest run)
    {
        List<string>? tasks = random.Next(4) == 0 ? null : [.. run.Dag.Tasks.Where(_ => random.Next(run.Dag.Tasks.Count) < 2).Select(t => t.TaskId)];
        var (onlyFailed, downstream, upstream) = (random.Next(3) == 0, random.Next(2) == 0, random.Next(6) == 0);
        run.Say($"clear {(tasks is null ? "all" : string.Join(",", tasks))}{(onlyFailed ? " failed" : "")}{(downstream ? " downstream" : "")}{(upstream ? " upstream" : "")}");
        await Reruns.ClearAsync(run.RunId, new ClearSelection(tasks, onlyFailed, downstream, upstream), dryRun: false, "test", CancellationToken.None);
        run.Reference.IsWaiting |= run.IsPaused && run.Reference.IsFinished;
        run.Reference.Clear(tasks, onlyFailed, downstream, upstream);
        run.Reference.Settle();
        await DropRemovedAsync(run);
    }

    private async Task MarkAsync(RunUnderTest run)
    {
        List<string> tasks = [.. run.Dag.Tasks.Where(_ => random.Next(run.Dag.Tasks.Count) == 0).Select(t => t.TaskId)];
        TaskState[] states = [TaskState.Success, TaskState.Failed, TaskState.Skipped];
        var state = states[random.Next(states.Length)];
        if (tasks.Count == 0)
            return;
        run.Say($"mark {string.Join(",", tasks)} {state}");
        await Reruns.MarkAsync(
            new RerunRequest(new ClearSelection(tasks, OnlyFailed: false)) { RunId = run.RunId }, state, dryRun: false, "test", CancellationToken.None);
        run.Reference.IsWaiting |= run.IsPaused && run.Reference.IsFinished;
        run.Reference.Mark(tasks, state.ToWire());
        run.Reference.Settle();
        await DropRemovedAsync(run);
    }

    private async Task LoseNodeAsync()
    {
        var node = random.Next(Nodes);
        await using (var connection = await database.OpenConnectionAsync())
        {
            var lost = await connection.QueryAsync<long>(
                "select attempt_id from orchestration.task_attempt where node_id = @id and state = 'running'", new { id = nodes[node] });
            foreach (var attempt in lost.Select(id => running[id]).ToList())
            {
                running.Remove(attempt.AttemptId);
                runs[attempt.RunId].Say($"{attempt.TaskId}[{attempt.MapIndex}] loses its node");
                runs[attempt.RunId].Reference.Finish(runs[attempt.RunId].Reference.Find(attempt.TaskId, attempt.MapIndex), new ScriptedOutcome(OutcomeKind.WorkerLost));
            }
        }
        await new NodeStore(database).StopAsync(nodes[node], CancellationToken.None);
        while (await new SweepStore(database, dags, Completions, Reruns, time).FailLostAttemptsAsync("test", CancellationToken.None) > 0)
        {
        }
        foreach (var run in runs.Values)
        {
            run.Reference.Settle();
            await DropRemovedAsync(run);
        }
        await RegisterAsync(node);
    }

    private async Task CheckAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        var stored = (await connection.QueryAsync<(long RunId, string TaskId, int MapIndex, string State)>(
            "select run_id, task_id, map_index, state from orchestration.task_instance where run_id = any(@ids)", new { ids = runs.Keys.ToArray() })).ToLookup(i => i.RunId);
        var states = (await connection.QueryAsync<(long RunId, string State)>(
            "select run_id, state from orchestration.dag_run where run_id = any(@ids)", new { ids = runs.Keys.ToArray() })).ToDictionary(r => r.RunId, r => r.State);
        foreach (var run in runs.Values)
        {
            var expected = run.Reference.Instances.Select(i => $"{i.TaskId}[{i.Index}]={run.Reference.StateOf(i)}").Order(StringComparer.Ordinal);
            var actual = stored[run.RunId].Select(i => $"{i.TaskId}[{i.MapIndex}]={i.State}").Order(StringComparer.Ordinal);
            string.Join("\n", actual).ShouldBe(string.Join("\n", expected), run.Describe());
            run.Reference.IsFinished.ShouldBeTrue(run.Describe());
            states[run.RunId].ShouldBe(run.Reference.FinalState(), run.Describe());
        }
        (await new RunInvariants(database).ViolationsAsync(runs.Keys)).ShouldBeEmpty($"seed {seed}");
    }
}
