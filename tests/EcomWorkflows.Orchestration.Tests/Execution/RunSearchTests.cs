using Dapper;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.Execution;

/// <summary>Situations of a run whose program does nothing, so that nobody but the test moves anything.</summary>
public sealed class RunSearchTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Theory]
    [InlineData("", "running")]
    [InlineData("update orchestration.dag_run set state = 'queued'", "queued")]
    [InlineData("update orchestration.task_instance set state = 'deferred'", "suspended")]
    [InlineData("update orchestration.task_instance set state = 'awaiting_input'", "suspended")]
    [InlineData("update orchestration.task_instance set state = 'up_for_reschedule', not_before = now()", "suspended")]
    [InlineData("update orchestration.task_instance set state = 'up_for_retry', not_before = now()", "running")]
    [InlineData("update orchestration.task_instance set state = 'deferred' where task_id = 'a'", "running")]
    [InlineData("update orchestration.node set lease_until = now()", "interrupted")]
    [InlineData("update orchestration.node set stopped_at = now()", "interrupted")]
    [InlineData("update orchestration.dag_run set state = 'success', ended_at = now()", "success")]
    [InlineData("update orchestration.task_instance set state = 'failed', cause = 'timeout'; update orchestration.dag_run set state = 'failed', ended_at = now()", "failed")]
    [InlineData("update orchestration.task_instance set state = 'failed', cause = 'cancelled'; update orchestration.dag_run set state = 'failed', ended_at = now()", "cancelled")]
    public async Task A_runs_situation_is_told_from_its_tasks(string change, string expected)
    {
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres);
        await postgres.DataSource.CreateCommand("delete from orchestration.dag_run").ExecuteNonQueryAsync();
        var runId = await orchestrator.CreateRunAsync(DagFactory.Make("a; b"));
        await using var connection = await orchestrator.Get<NpgsqlDataSource>().OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            insert into orchestration.node (node_id, host, boot_id, process_id, process_ticks, program_version, lease_until)
            values ('00000000-0000-0000-0000-000000000001', 'here', '', 1, 1, '0', now() + interval '1 hour')
            on conflict (node_id) do update set lease_until = excluded.lease_until, stopped_at = null;
            insert into orchestration.task_attempt (task_instance_id, run_id, try_number, node_id, state)
            select task_instance_id, run_id, 1, '00000000-0000-0000-0000-000000000001', 'running'
            from orchestration.task_instance
            where run_id = @runId and task_id = 'a';
            update orchestration.task_instance t
            set state = 'running', attempt_id = a.attempt_id
            from orchestration.task_attempt a
            where a.task_instance_id = t.task_instance_id and t.run_id = @runId;
            """,
            new { runId });
        if (change.Length > 0)
            await connection.ExecuteAsync(change);

        var search = orchestrator.Get<RunSearch>();

        (await search.GetAsync(runId, CancellationToken.None)).SituationName.ShouldBe(expected);
        foreach (var situation in Enum.GetValues<RunSituation>())
        {
            var found = await search.BeforeAsync(new RunFilter { Situations = [situation] }, 1, beforeRunId: null, CancellationToken.None);
            found.Any(r => r.RunId == runId).ShouldBe(situation.ToString().Equals(expected, StringComparison.OrdinalIgnoreCase), situation.ToString());
        }
    }

    [Fact]
    public async Task Keys_page_through_all_runs_once()
    {
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres);
        var dag = DagFactory.Make("a");
        for (var i = 0; i < 5; i++)
            await orchestrator.CreateRunAsync(dag);
        var search = orchestrator.Get<RunSearch>();
        var filter = new RunFilter { DagIds = [dag.DagId] };
        var seen = new List<long>();

        for (IReadOnlyList<FoundRun> page; (page = await search.BeforeAsync(filter, 2, seen.Count == 0 ? null : seen[^1], CancellationToken.None)).Count > 0;)
            seen.AddRange(page.Select(r => r.RunId));

        seen.Count.ShouldBe(5);
        seen.ShouldBe(seen.Distinct().OrderDescending());
    }
}
