using Dapper;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Tests.Execution;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.Faults;

/// <summary>T8: nodes whose machines' clocks are wrong, each in another way.</summary>
public sealed class When_clocks_differ(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Theory]
    [InlineData(3600, -3600)]
    [InlineData(5, -5)]
    public async Task Each_run_is_created_once_and_none_early_and_retries_keep_their_delay(int first, int second)
    {
        var scripts = new Scripts();
        scripts.ByTask["a"] = (context, _) => context.Attempt.TryNumber == 1
            ? throw new InvalidOperationException("first")
            : Task.FromResult<Tasks.TaskResult<ScriptedOutputs>>(new ScriptedOutputs("second"));
        await using var one = await StartAsync(first, scripts);
        await using var other = await StartAsync(second, scripts);
        var dag = DagFactory.Make(
            "a", new TaskSettings { Retries = 1, RetryDelay = TimeSpan.FromSeconds(2) },
            dag: new DagSettings { Schedule = ["every 1s"], Catchup = true, StartDate = TimeProvider.System.GetUtcNow(), MaxActiveRuns = 20 });
        await one.ImportAsync(dag);

        await one.WaitUntilAsync(async () => (await one.Runs.ListAsync(dag.DagId, "success", 100, null, CancellationToken.None)).Count >= 6, "six runs have succeeded");

        await using var connection = await postgres.DataSource.OpenConnectionAsync();
        (await connection.QueryAsync<string>(
            "select run_key from orchestration.dag_run where dag_id = @DagId and created_at < data_interval_end - interval '0.5 seconds'", new { dag.DagId }))
            .ShouldBeEmpty("runs created before their data interval has ended");
        (await connection.QueryAsync<double>(
            """
            select extract(epoch from retried.started_at - failed.ended_at)::double precision
            from orchestration.task_attempt failed
            join orchestration.task_attempt retried on retried.task_instance_id = failed.task_instance_id and retried.try_number = 2
            where failed.try_number = 1 and failed.run_id in (select run_id from orchestration.dag_run where dag_id = @DagId)
            """,
            new { dag.DagId }))
            .ShouldAllBe(seconds => seconds > 1.5);
        var runs = await connection.QueryAsync<long>("select run_id from orchestration.dag_run where dag_id = @DagId", new { dag.DagId });
        (await new RunInvariants(postgres.DataSource).ViolationsAsync([.. runs])).ShouldBeEmpty();
    }

    private async Task<TestOrchestrator> StartAsync(int secondsFast, Scripts scripts)
    {
        var node = await TestOrchestrator.CreateAsync(postgres, scripts, scheduler: true, time: new DatabaseTime(new WrongClock(TimeSpan.FromSeconds(secondsFast))));
        await node.StartAsync();
        return node;
    }

    private sealed class WrongClock(TimeSpan fast) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + fast;
    }
}
