using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.TestKit.Tests;

/// <summary>The examples of docs/testkit.md.</summary>
public sealed class ExampleTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Retries_wait_in_virtual_time_and_the_next_task_reads_what_came_out()
    {
        await using var host = await DagTestHost.StartAsync(postgres.ConnectionString, services => services.AddTask<GreetTask>());
        host.Faults.FailTry("first", 1);
        host.Faults.FailTry("first", 2, FailureCause.Timeout);

        var run = await host.RunAsync(
            Dag([Greet("first", "Ann", new TaskSettings { Retries = 2, RetryDelay = TimeSpan.FromHours(6), RetryFactor = 2 }), Greet("second", "{{ tasks.first.outputs.greeting | upper }}")], ("first", "second")));

        run.ShouldSucceed().TriesShouldBe("first", "failed", "failed", "success").ShouldTakeAtLeast(TimeSpan.FromHours(18));
        run.Task("second").Outputs<GreetOutputs>().Greeting.ShouldBe("Hello HELLO ANN, TRY 3, try 1");
        host.Faults.NotHappened.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_lost_worker_costs_no_retry()
    {
        await using var host = await DagTestHost.StartAsync(postgres.ConnectionString, services => services.AddTask<GreetTask>());
        host.Faults.LoseWorker("only", 1);

        var run = await host.RunAsync(Dag([Greet("only", "Ann", new TaskSettings { Retries = 0 })]));

        run.ShouldSucceed().TriesShouldBe("only", "failed", "success");
    }

    [Fact]
    public async Task A_try_that_takes_too_long_ends_by_its_time_limit_and_what_follows_does_not_run()
    {
        await using var host = await DagTestHost.StartAsync(postgres.ConnectionString, services => services.AddTask<GreetTask>());
        host.Faults.Delay("slow", 1, TimeSpan.FromHours(2));

        var run = await host.RunAsync(Dag([Greet("slow", "Ann", new TaskSettings { Timeout = TimeSpan.FromHours(1) }), Greet("after", "Bob")], ("slow", "after")));

        run.ShouldFail().TaskShouldBe("slow", "failed").TaskShouldBe("after", "upstream_failed");
        run.Task("slow").Cause.ShouldBe("timeout");
    }

    [Fact]
    public async Task Built_in_waits_take_no_real_time()
    {
        await using var host = await DagTestHost.StartAsync(postgres.ConnectionString, _ => { });

        var run = await host.RunAsync(Dag([new DagTask("week", "Core.Wait", "week", new JsonObject { ["seconds"] = 604_800 }, new TaskSettings())]));

        run.ShouldSucceed().ShouldTakeAtLeast(TimeSpan.FromDays(7));
    }

    [Fact]
    public async Task An_assertion_that_does_not_hold_shows_the_whole_run_and_a_wrong_dag_is_refused()
    {
        await using var host = await DagTestHost.StartAsync(postgres.ConnectionString, services => services.AddTask<GreetTask>());
        host.Faults.FailTry("only", 1, FailureCause.BadData, "the file is empty");
        var run = await host.RunAsync(Dag([Greet("only", "Ann")]));

        Should.Throw<DagTestException>(run.ShouldSucceed).Message.ShouldContain("only: failed (bad_data), tries: failed — the file is empty");
        Should.Throw<DagTestException>(() => run.TaskShouldBe("nobody", "success")).Message.ShouldStartWith("Task 'nobody' should be success.");
        (await Should.ThrowAsync<DagTestException>(() => host.RunAsync(Dag([Greet("a", "x"), Greet("b", "x")], ("a", "b"), ("b", "a"))))).Message.ShouldContain("form a cycle");
    }

    private static DagTask Greet(string id, string name, TaskSettings? settings = null) => new(id, "Example.Greet", id, new JsonObject { ["name"] = name }, settings ?? new TaskSettings());

    private static Dag Dag(DagTask[] tasks, params (string From, string To)[] edges) =>
        new("example", "example", null, new DagSettings(), [], tasks, [.. edges.Select(e => new DagEdge(e.From, e.To))]);
}
