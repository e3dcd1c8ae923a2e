using System.Text.Json.Nodes;
using Dapper;
using EcomWorkflows.Server.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Elsa;

/// <summary>The list over runs of every kind, made by SQL: one in each situation, a day apart.</summary>
public sealed class InstanceListTests : IClassFixture<RunningServer>, IAsyncLifetime
{
    private static readonly string[] AllNewestFirst = ["r7-cancelled", "r6-failed", "r5-success", "r4-started", "r3-suspended", "r2-running", "r1-queued"];

    private readonly RunningServer server;

    public InstanceListTests(RunningServer server) => this.server = server;

    public async Task InitializeAsync()
    {
        await using var connection = await server.Web.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
        if (await connection.ExecuteScalarAsync<bool>("select exists (select from orchestration.dag_run)"))
            return;
        // Paused, so that the running node takes nothing of this into its hands.
        await connection.ExecuteAsync(
            """
            update orchestration.dag set is_paused = true;
            insert into orchestration.node (node_id, host, boot_id, process_id, process_ticks, program_version, lease_until)
            values ('00000000-0000-0000-0000-000000000001', 'gone', '', 1, 1, '0', now() + interval '1 hour');
            insert into orchestration.dag_run
              (dag_id, run_key, dag_version, run_type, logical_date, data_interval_start, data_interval_end, state, params, unfinished, created_by,
               created_at, updated_at, ended_at)
            select 'churn-daily', run_key, 1, 'manual', at, at, at, state, '{}', 1, 'test', at, at, case when state in ('success', 'failed') then at + interval '1 hour' end
            from unnest(
              array['r1-queued', 'r2-running', 'r3-suspended', 'r4-started', 'r5-success', 'r6-failed', 'r7-cancelled'],
              array['queued', 'running', 'running', 'running', 'success', 'failed', 'failed']) with ordinality as run (run_key, state, number)
            cross join lateral (select timestamptz '2026-01-01 00:00:00.5Z' + number * interval '1 day' as at) as day
            order by number;
            insert into orchestration.task_instance (run_id, dag_id, task_id, state, upstream_total, pool, pool_slots, priority_weight, cause, not_before)
            select r.run_id, r.dag_id, 'prepare', case r.run_key
                when 'r2-running' then 'queued' when 'r3-suspended' then 'up_for_reschedule' when 'r4-started' then 'running' when 'r6-failed' then 'failed'
                when 'r7-cancelled' then 'failed' else 'success' end,
              0, 'default_pool', 1, 1, case r.run_key when 'r6-failed' then 'bad_data' when 'r7-cancelled' then 'cancelled' end,
              case r.run_key when 'r3-suspended' then now() + interval '1 day' end
            from orchestration.dag_run r;
            insert into orchestration.task_attempt (task_instance_id, run_id, try_number, node_id, state)
            select t.task_instance_id, t.run_id, 1, '00000000-0000-0000-0000-000000000001', 'running'
            from orchestration.task_instance t
            join orchestration.dag_run r on r.run_id = t.run_id
            where r.run_key = 'r4-started';
            update orchestration.task_instance t set attempt_id = a.attempt_id from orchestration.task_attempt a where a.task_instance_id = t.task_instance_id;
            """);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("""{}""", "1234567")]
    [InlineData("""{"orderBy":null,"orderDirection":"Ascending"}""", "1234567")]
    [InlineData("""{"orderBy":"Name","orderDirection":"Ascending"}""", "1234567")]
    [InlineData("""{"status":"Finished"}""", "567")]
    [InlineData("""{"statuses":["Running"]}""", "1234")]
    [InlineData("""{"statuses":["Running","Finished"]}""", "1234567")]
    [InlineData("""{"subStatuses":["Pending"]}""", "1")]
    [InlineData("""{"subStatuses":["Suspended"]}""", "3")]
    [InlineData("""{"subStatuses":["Executing","Suspended"]}""", "234")]
    [InlineData("""{"subStatus":"Faulted"}""", "6")]
    [InlineData("""{"subStatuses":["Cancelled"]}""", "7")]
    [InlineData("""{"status":"Finished","subStatuses":["Pending"]}""", "")]
    [InlineData("""{"hasIncidents":true}""", "6")]
    [InlineData("""{"hasIncidents":false}""", "123457")]
    [InlineData("""{"searchTerm":"SUSPENDED"}""", "3")]
    [InlineData("""{"searchTerm":"r5"}""", "5")]
    [InlineData("""{"searchTerm":"r_"}""", "")]
    [InlineData("""{"searchTerm":"churn"}""", "1234567")]
    [InlineData("""{"searchTerm":"4"}""", "4")]
    [InlineData("""{"definitionId":"churn-daily"}""", "1234567")]
    [InlineData("""{"definitionIds":["other"]}""", "")]
    [InlineData("""{"version":2}""", "")]
    [InlineData("""{"version":1,"isSystem":false}""", "1234567")]
    [InlineData("""{"isSystem":true}""", "")]
    [InlineData("""{"correlationId":"2026-01-03T00:00:00.5Z"}""", "2")]
    [InlineData("""{"correlationId":"someday"}""", "")]
    [InlineData("""{"timestampFilters":[{"column":"CreatedAt","operator":"Is","timestamp":"2026-01-03T00:00:00Z"}]}""", "2")]
    [InlineData("""{"timestampFilters":[{"column":"CreatedAt","operator":"IsNot","timestamp":"2026-01-03T00:00:00Z"}]}""", "134567")]
    [InlineData("""{"timestampFilters":[{"column":"CreatedAt","operator":"LessThan","timestamp":"2026-01-04T00:00:00Z"}]}""", "12")]
    [InlineData("""{"timestampFilters":[{"column":"CreatedAt","operator":"LessThanOrEqual","timestamp":"2026-01-04T00:00:00Z"}]}""", "123")]
    [InlineData("""{"timestampFilters":[{"column":"UpdatedAt","operator":"GreaterThan","timestamp":"2026-01-06T00:00:00Z"}]}""", "67")]
    [InlineData("""{"timestampFilters":[{"column":"UpdatedAt","operator":"GreaterThanOrEqual","timestamp":"2026-01-06T00:00:00Z"}]}""", "567")]
    [InlineData("""{"timestampFilters":[{"column":"FinishedAt","operator":"GreaterThan","timestamp":"2026-01-01T00:00:00Z"},{"column":"FinishedAt","operator":"LessThan","timestamp":"2026-01-08T00:00:00Z"}]}""", "56")]
    public async Task Filters_leave_what_fits(string body, string expected)
    {
        var page = await ListAsync(body);

        var ascending = body.Contains("Ascending", StringComparison.Ordinal);
        Names(page).ShouldBe((ascending ? AllNewestFirst.Reverse() : AllNewestFirst).Where(name => expected.Contains(name[1])));
        page["totalCount"]!.GetValue<int>().ShouldBe(expected.Length);
    }

    [Fact]
    public async Task Pages_follow_one_another()
    {
        Names(await ListAsync("""{"page":0,"pageSize":3}""")).ShouldBe(AllNewestFirst[..3]);
        Names(await ListAsync("""{"page":2,"pageSize":3}""")).ShouldBe(AllNewestFirst[6..]);
        var beyond = await ListAsync("""{"page":9,"pageSize":3}""");
        (Names(beyond).Count(), beyond["totalCount"]!.GetValue<int>()).ShouldBe((0, 7));
    }

    private static IEnumerable<string> Names(JsonObject page) => page["items"]!.AsArray().Select(i => i!["name"]!.GetValue<string>());

    private async Task<JsonObject> ListAsync(string body) => await server.PostAsync("/workflow-instances", JsonNode.Parse(body)!);
}
