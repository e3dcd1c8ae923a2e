using Dapper;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Execution;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.Execution;

public sealed class When_a_worker_is_lost(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_zombie_attempt_is_fenced_its_task_is_retried_elsewhere_and_its_late_publish_is_refused()
    {
        await CreateTableAsync("zombie_publish");
        var resume = new TaskCompletionSource();
        var late = new TaskCompletionSource<Exception?>();
        var scripts = new Scripts();
        scripts.ByTask["a"] = async (context, _) =>
        {
            if (context.Attempt.TryNumber > 1)
            {
                await PublishAsync(context, "zombie_publish");
                return new ScriptedOutputs("second");
            }
            // The first attempt is paused past its lease, wakes up and goes on as if nothing had happened.
            await resume.Task;
            late.SetResult(await Record.ExceptionAsync(() => PublishAsync(context, "zombie_publish")));
            return new ScriptedOutputs("first");
        };
        await using var zombie = await TestOrchestrator.CreateAsync(postgres, scripts, o => o with { Lease = TimeSpan.FromMinutes(5), SweepInterval = TimeSpan.FromMinutes(5) });
        await zombie.StartAsync();
        var run = await zombie.CreateRunAsync(DagFactory.Make("a"));
        await zombie.WaitForTaskAsync(run, "a", "running");
        await ExpireLeasesAsync();

        await using var other = await TestOrchestrator.CreateAsync(postgres, scripts);
        await other.StartAsync();
        await other.WaitAsync(run, r => r.State == "success");
        resume.SetResult();

        var refused = (await late.Task.WaitAsync(TimeSpan.FromSeconds(90))).ShouldBeOfType<AttemptFencedException>();
        refused.Message.ShouldContain("worker_lost");
        await using var connection = await postgres.DataSource.OpenConnectionAsync();
        (await connection.QueryAsync<int>("select try_number from public.zombie_publish")).ShouldBe([2]);
        var attempts = await other.Runs.AttemptsAsync(run, "a", None);
        attempts.Select(a => (a.TryNumber, a.State, a.Cause)).ShouldBe([(1, "failed", "worker_lost"), (2, "success", null)]);
    }

    [Fact]
    public async Task Scratch_files_of_an_attempt_whose_worker_is_lost_are_deleted_and_those_of_its_next_try_are_not()
    {
        var resume = new TaskCompletionSource();
        var folders = new System.Collections.Concurrent.ConcurrentDictionary<int, string>();
        var scripts = new Scripts();
        scripts.ByTask["a"] = async (context, _) =>
        {
            await File.WriteAllTextAsync(Path.Combine(Directory.CreateDirectory(context.WorkFolder).FullName, "spilled"), "rows", None);
            folders[context.Attempt.TryNumber] = context.WorkFolder;
            await resume.Task;
            return new ScriptedOutputs("done");
        };
        await using var lost = await TestOrchestrator.CreateAsync(postgres, scripts, o => o with { Lease = TimeSpan.FromMinutes(5), SweepInterval = TimeSpan.FromMinutes(5) });
        await lost.StartAsync();
        var run = await lost.CreateRunAsync(DagFactory.Make("a"));
        await lost.WaitUntilAsync(() => Task.FromResult(folders.ContainsKey(1)), "the first try runs");
        await ExpireLeasesAsync();

        await using var other = await TestOrchestrator.CreateAsync(postgres, scripts, o => o with { WorkRoot = lost.Get<OrchestrationOptions>().WorkRoot });
        await other.StartAsync();
        await other.WaitUntilAsync(() => Task.FromResult(folders.ContainsKey(2) && !Directory.Exists(folders[1])), "the second try runs, and the folder of the first is gone");

        File.Exists(Path.Combine(folders[2], "spilled")).ShouldBeTrue();
        resume.SetResult();
        await other.WaitAsync(run, r => r.State == "success");
    }

    [Fact]
    public async Task A_node_that_lost_the_connection_it_listens_on_listens_again()
    {
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres);
        await orchestrator.StartAsync();
        int? first = null;
        await orchestrator.WaitUntilAsync(async () => (first = await ListenerAsync()) is not null, "the node listens");

        await using (var connection = await postgres.DataSource.OpenConnectionAsync())
            (await connection.ExecuteScalarAsync<bool>("select pg_terminate_backend(@first)", new { first })).ShouldBeTrue();

        await orchestrator.WaitUntilAsync(async () => await ListenerAsync() is { } next && next != first, "the node listens on another connection");

        async Task<int?> ListenerAsync()
        {
            await using var connection = await postgres.DataSource.OpenConnectionAsync();
            return await connection.ExecuteScalarAsync<int?>(
                "select min(pid) from pg_stat_activity where datname = current_database() and query like 'listen %' and pid <> pg_backend_pid()");
        }
    }

    [Fact]
    public async Task A_publish_under_an_expired_lease_is_refused_even_before_the_sweep()
    {
        await CreateTableAsync("early_publish");
        var resume = new TaskCompletionSource();
        var late = new TaskCompletionSource<Exception?>();
        var scripts = new Scripts();
        scripts.ByTask["a"] = async (context, _) =>
        {
            await resume.Task;
            late.TrySetResult(await Record.ExceptionAsync(() => PublishAsync(context, "early_publish")));
            return new ScriptedOutputs("first");
        };
        await using var node = await TestOrchestrator.CreateAsync(postgres, scripts, o => o with { Lease = TimeSpan.FromMinutes(5), SweepInterval = TimeSpan.FromMinutes(5) });
        await node.StartAsync();
        var run = await node.CreateRunAsync(DagFactory.Make("a"));
        await node.WaitForTaskAsync(run, "a", "running");
        await ExpireLeasesAsync();
        resume.SetResult();

        (await late.Task.WaitAsync(TimeSpan.FromSeconds(90))).ShouldBeOfType<AttemptFencedException>().Message.ShouldContain("lease has run out");
    }

    [Fact]
    public async Task What_a_failing_publish_wrote_is_rolled_back()
    {
        await CreateTableAsync("half_publish");
        var scripts = new Scripts();
        scripts.ByTask["a"] = async (context, _) =>
        {
            await context.PublishAsync(
                async (scope, stop) =>
                {
                    await scope.Connection.ExecuteAsync(new CommandDefinition("insert into public.half_publish values (1)", transaction: scope.Transaction, cancellationToken: stop));
                    throw new InvalidOperationException("half way");
                },
                None);
            return new ScriptedOutputs("never");
        };
        await using var node = await TestOrchestrator.CreateAsync(postgres, scripts);
        await node.StartAsync();
        var run = await node.RunAsync(DagFactory.Make("a"));

        (await node.StatesAsync(run))["a"].ShouldBe("failed");
        await using var connection = await postgres.DataSource.OpenConnectionAsync();
        (await connection.ExecuteScalarAsync<long>("select count(*) from public.half_publish")).ShouldBe(0);
    }

    [Fact]
    public async Task A_node_that_lost_its_lease_goes_on_under_a_new_id_and_finishes_the_run()
    {
        var scripts = new Scripts();
        var first = new TaskCompletionSource();
        scripts.ByTask["a"] = async (context, stop) =>
        {
            if (context.Attempt.TryNumber == 1)
            {
                first.TrySetResult();
                await Task.Delay(Timeout.Infinite, stop);
            }
            return new ScriptedOutputs("second");
        };
        await using var node = await TestOrchestrator.CreateAsync(postgres, scripts, o => o with { Lease = TimeSpan.FromSeconds(3) });
        await node.StartAsync();
        var run = await node.CreateRunAsync(DagFactory.Make("a>b"));
        await first.Task.WaitAsync(TimeSpan.FromSeconds(90));
        await ExpireLeasesAsync();

        (await node.WaitAsync(run, r => r.State is "success" or "failed")).State.ShouldBe("success");
        (await node.Runs.AttemptsAsync(run, "a", None)).Select(a => a.NodeId).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task Losses_of_the_infrastructure_have_their_own_budget()
    {
        var scripts = new Scripts();
        scripts.ByTask["a"] = (_, _) => throw new TaskFailedException("our database was away", FailureCause.Dependency);
        await using var node = await TestOrchestrator.CreateAsync(postgres, scripts);
        await node.StartAsync();
        var run = await node.RunAsync(DagFactory.Make("a", new TaskSettings { Retries = 0, InfraRetries = 2, RetryDelay = TimeSpan.Zero }));

        var instance = (await node.Runs.TaskInstancesAsync(run, None)).ShouldHaveSingleItem();
        instance.TryNumber.ShouldBe(3);
        instance.Message.ShouldNotBeNull().ShouldContain("infrastructure retries used up (2)");
    }

    [Fact]
    public async Task Stopping_a_node_gives_its_attempts_back_and_the_next_node_finishes_them()
    {
        var scripts = new Scripts();
        scripts.ByTask["b"] = async (context, stop) =>
        {
            if (context.Attempt.TryNumber == 1)
                await Task.Delay(Timeout.Infinite, stop);
            return new ScriptedOutputs("again");
        };
        long run;
        await using (var node = await TestOrchestrator.CreateAsync(postgres, scripts))
        {
            await node.StartAsync();
            run = await node.CreateRunAsync(DagFactory.Make("a>b; b>c"));
            await node.WaitForTaskAsync(run, "b", "running");
        }
        await using var next = await TestOrchestrator.CreateAsync(postgres, scripts);
        (await next.StatesAsync(run))["b"].ShouldBe("queued");
        await next.StartAsync();

        (await next.WaitAsync(run, r => r.State is "success" or "failed")).State.ShouldBe("success");
        scripts.Started.Count(s => s.TaskId == "a").ShouldBe(1);
    }

    [Fact]
    public async Task An_outcome_is_written_when_the_database_is_back()
    {
        var scripts = new Scripts();
        var go = new TaskCompletionSource();
        scripts.ByTask["a"] = async (_, _) =>
        {
            await go.Task;
            return new ScriptedOutputs("done");
        };
        await using var node = await TestOrchestrator.CreateAsync(postgres, scripts);
        await node.StartAsync();
        var run = await node.CreateRunAsync(DagFactory.Make("a>b"));
        await node.WaitForTaskAsync(run, "a", "running");
        var database = new NpgsqlConnectionStringBuilder(postgres.ConnectionString).Database;
        await using (var connection = await postgres.DataSource.OpenConnectionAsync())
        {
            await connection.ExecuteAsync(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = @database and pid <> pg_backend_pid()", new { database });
        }
        await using var fresh = NpgsqlDataSource.Create(postgres.ConnectionString + ";Application Name=judge");
        // The test's own connections to the node's pool were ended too; what is judged is the node, so the test asks through a pool of its own.
        go.SetResult();

        var runs = new RunReader(fresh);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while ((await runs.GetAsync(run, None)).State != "success")
            await Task.Delay(20, patience.Token);
    }

    [Fact]
    public async Task An_attempt_whose_claim_was_never_answered_is_given_back_by_its_own_node()
    {
        await using var node = await TestOrchestrator.CreateAsync(postgres, configure: o => o with { Slots = 0, Lease = TimeSpan.FromSeconds(6) });
        await node.StartAsync();
        var run = await node.CreateRunAsync(DagFactory.Make("a"));
        var session = node.Get<NodeSession>();
        ClaimedAttempt? claimed = null;
        await node.WaitAsync(run, _ =>
        {
            claimed = node.Get<ClaimStore>().ClaimAsync(session.NodeId, 100, None).GetAwaiter().GetResult().SingleOrDefault(c => c.RunId == run);
            return claimed is not null;
        });

        await node.WaitForTaskAsync(run, "a", "queued");

        var attempt = (await node.Runs.AttemptsAsync(run, "a", None)).ShouldHaveSingleItem();
        (attempt.State, attempt.Cause).ShouldBe(("failed", "worker_lost"));
    }

    [Fact]
    public async Task The_event_log_holds_every_transition_with_before_and_after()
    {
        await using var node = await TestOrchestrator.CreateAsync(postgres);
        await node.StartAsync();
        var run = await node.RunAsync(DagFactory.Make("a>b"));

        var events = (await node.Get<EventLog>().ListAsync(null, run, "b", 100, null, None)).Reverse().ToList();
        events.Select(e => (e.StateBefore, e.StateAfter)).ShouldBe([("none", "queued"), ("queued", "running"), ("running", "success")]);
        var runEvents = (await node.Get<EventLog>().ListAsync(null, run, null, 100, null, None)).Where(e => e.Kind == "run_state").Reverse();
        runEvents.Select(e => e.StateAfter).ShouldBe(["queued", "running", "success"]);
    }

    [Fact]
    public async Task Two_nodes_share_the_work_and_no_task_runs_twice()
    {
        var scripts = new Scripts();
        await using var first = await TestOrchestrator.CreateAsync(postgres, scripts);
        await using var second = await TestOrchestrator.CreateAsync(postgres, scripts);
        await first.StartAsync();
        await second.StartAsync();
        var edges = string.Join(";", Enumerable.Range(0, 60).Select(i => $"start>m{i}; m{i}>end"));

        var run = await first.RunAsync(DagFactory.Make(edges));

        (await first.Runs.GetAsync(run, None)).State.ShouldBe("success");
        scripts.Started.Count.ShouldBe(62);
        (await first.Runs.AttemptsAsync(run, null, None)).Select(a => a.NodeId).Distinct().Count().ShouldBe(2);
    }

    private static Task PublishAsync(TaskContext context, string table) => context.PublishAsync(
        async (scope, stop) => await scope.Connection.ExecuteAsync(new CommandDefinition(
            $"insert into public.{table} values (@TryNumber)", new { context.Attempt.TryNumber }, scope.Transaction, cancellationToken: stop)),
        None);

    private async Task CreateTableAsync(string name)
    {
        await using var connection = await postgres.DataSource.OpenConnectionAsync();
        await connection.ExecuteAsync($"create table public.{name} (try_number int)");
    }

    private async Task ExpireLeasesAsync()
    {
        await using var connection = await postgres.DataSource.OpenConnectionAsync();
        await connection.ExecuteAsync("update orchestration.node set lease_until = clock_timestamp() - interval '1 second' where stopped_at is null");
    }
}
