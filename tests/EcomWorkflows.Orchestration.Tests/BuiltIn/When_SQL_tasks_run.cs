using System.Text.Json.Nodes;
using Dapper;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Secrets;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.BuiltIn;

public sealed class When_SQL_tasks_run(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Sql_takes_values_beside_the_text_and_gives_rows_back()
    {
        await using var orchestrator = await postgres.StartOrchestratorAsync();
        var done = await orchestrator.RunAsync("Core.Sql", new JsonObject
        {
            ["sql"] =
                """
                create table if not exists public.sale (day date, code text, amount numeric, tags text[], extra jsonb);
                insert into public.sale values (@day, @code, @amount, @tags, @extra);
                select amount, day, code, tags, extra, null as nothing from public.sale order by amount;
                """,
            ["parameters"] = new JsonObject
            {
                ["day"] = "{{ ds }}", ["code"] = "x'; drop table public.sale; --", ["amount"] = 12.5, ["tags"] = new JsonArray("a", "b"), ["extra"] = new JsonObject { ["k"] = 1 },
            },
        });

        var outputs = done.Outputs();
        outputs["rowsAffected"]!.GetValue<int>().ShouldBe(1);
        outputs["scalar"]!.GetValue<decimal>().ShouldBe(12.5m);
        outputs["row"]!["code"]!.GetValue<string>().ShouldBe("x'; drop table public.sale; --");
        outputs["row"]!["tags"]!.ToJsonString().ShouldBe("""["a","b"]""");
        outputs["row"]!["extra"]!["k"]!.GetValue<int>().ShouldBe(1);
        outputs["row"]!["nothing"].ShouldBeNull();
        await using var connection = await postgres.DataSource.OpenConnectionAsync();
        (await connection.ExecuteScalarAsync<int>("select count(*) from public.sale where day = current_date")).ShouldBe(1);
    }

    [Fact]
    public async Task Sql_that_is_refused_says_what_the_database_said_and_nothing_of_it_stays()
    {
        await using var orchestrator = await postgres.StartOrchestratorAsync();
        var failed = await orchestrator.RunAsync("Core.Sql", new JsonObject { ["sql"] = "create table public.half (n int); select * from public.nowhere" });
        failed.State.ShouldBe("failed");
        failed.Message.ShouldNotBeNull().ShouldContain("""relation "public.nowhere" does not exist (42P01""");
        await using var connection = await postgres.DataSource.OpenConnectionAsync();
        (await connection.ExecuteScalarAsync<bool>("select to_regclass('public.half') is null")).ShouldBeTrue();
    }

    [Theory]
    [InlineData("Core.Sql", "create table public.torn (n int); commit; select * from public.nowhere", "The SQL holds COMMIT.")]
    [InlineData("Core.SqlSensor", "rollback; create table public.torn (n int); select 1", "The SQL holds ROLLBACK.")]
    public async Task Sql_that_ends_its_transaction_is_refused_before_it_has_done_anything(string type, string sql, string message)
    {
        await using var orchestrator = await postgres.StartOrchestratorAsync();

        var failed = await orchestrator.RunAsync(type, new JsonObject { ["sql"] = sql }, new TaskSettings { Retries = 3 });

        (failed.State, failed.TryNumber).ShouldBe(("failed", 1));
        failed.Message.ShouldNotBeNull().ShouldStartWith(message);
        await using var connection = await postgres.DataSource.OpenConnectionAsync();
        (await connection.ExecuteScalarAsync<bool>("select to_regclass('public.torn') is null")).ShouldBeTrue();
    }

    [Fact]
    public async Task Sql_that_gives_more_than_outputs_may_hold_changes_nothing()
    {
        await using var orchestrator = await postgres.StartOrchestratorAsync();

        var failed = await orchestrator.RunAsync("Core.Sql", new JsonObject
        {
            ["sql"] = "create table public.bulky (n int); select repeat('x', 1000000) as text from generate_series(1, 5)",
        });

        (failed.State, failed.TryNumber).ShouldBe(("failed", 1));
        failed.Message.ShouldNotBeNull().ShouldStartWith("The outputs of the task are 6.7 MiB of JSON, most of it in 'rows'; at most 4 MiB are kept.");
        await using var connection = await postgres.DataSource.OpenConnectionAsync();
        (await connection.ExecuteScalarAsync<bool>("select to_regclass('public.bulky') is null")).ShouldBeTrue();
    }

    [Fact]
    public async Task Sql_that_changes_its_session_changes_nobody_elses()
    {
        await using var orchestrator = await postgres.StartOrchestratorAsync();

        var done = await orchestrator.RunAsync("Core.Sql", new JsonObject
        {
            ["sql"] = "set default_transaction_read_only = on; create temporary table left_behind (n int); select pg_advisory_lock(4711)",
        });

        done.State.ShouldBe("success", done.Message);
        var database = orchestrator.Get<NpgsqlDataSource>();
        var pooled = new List<NpgsqlConnection>();
        try
        {
            // More at once than are idle: the one that ran the task is among them.
            for (var i = 0; i < OrchestrationDatabase.MaximumPoolSize - 10; i++)
                pooled.Add(await database.OpenConnectionAsync());
            foreach (var connection in pooled)
            {
                (await connection.ExecuteScalarAsync<string>("show default_transaction_read_only")).ShouldBe("off");
                (await connection.ExecuteScalarAsync<bool>("select to_regclass('pg_temp.left_behind') is null")).ShouldBeTrue();
            }
            (await pooled[0].ExecuteScalarAsync<long>("select count(*) from pg_locks where locktype = 'advisory' and objid = 4711")).ShouldBe(0);
        }
        finally
        {
            foreach (var connection in pooled)
                await connection.DisposeAsync();
        }
    }

    [Fact]
    public async Task Sql_runs_on_a_connection_by_name()
    {
        var other = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync());
        await using var orchestrator = await postgres.StartOrchestratorAsync();
        await orchestrator.Get<ConnectionStore>().SetAsync(
            new ConnectionChange("warehouse", "postgres", other.Host, other.Port, other.Username, other.Database, other.Password), "test", None);
        await orchestrator.Get<ConnectionStore>().SetAsync(new ConnectionChange("site", "http", "example.org"), "test", None);

        (await orchestrator.RunAsync("Core.Sql", new JsonObject { ["sql"] = "select current_database()", ["connection"] = "warehouse" }))
            .Outputs()["scalar"]!.GetValue<string>().ShouldBe(other.Database);
        (await orchestrator.RunAsync("Core.Sql", new JsonObject { ["sql"] = "select 1", ["connection"] = "site" })).Message.ShouldNotBeNull().ShouldContain("is of type http; SQL needs one of type postgres");
        (await orchestrator.RunAsync("Core.Sql", new JsonObject { ["sql"] = "select 1", ["connection"] = "none" })).Message.ShouldNotBeNull().ShouldContain("There is no connection 'none'");
    }

    [Theory]
    [InlineData("Core.Sql")]
    [InlineData("Core.SqlSensor")]
    public async Task Sql_that_is_not_done_in_time_says_so_and_uses_up_retries(string type)
    {
        await using var orchestrator = await postgres.StartOrchestratorAsync();

        var failed = await orchestrator.RunAsync(
            type, new JsonObject { ["sql"] = "select pg_sleep(60)", ["statementTimeoutSeconds"] = 1 }, new TaskSettings { Retries = 1, RetryDelay = TimeSpan.Zero });

        (failed.State, failed.Cause, failed.TryNumber).ShouldBe(("failed", "timeout", 2));
        failed.Message.ShouldNotBeNull().ShouldContain("The SQL was not done within 1 seconds. Give it more with statementTimeoutSeconds");
    }

    [Fact]
    public async Task Where_a_connection_by_name_breaks_the_message_names_it()
    {
        var other = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync());
        await using var orchestrator = await postgres.StartOrchestratorAsync();
        await orchestrator.Get<ConnectionStore>().SetAsync(
            new ConnectionChange("elsewhere", "postgres", other.Host, other.Port, other.Username, other.Database, other.Password), "test", None);

        // The statements go well; the session is ended in the middle of their commit.
        var failed = await orchestrator.RunAsync("Core.Sql", new JsonObject
        {
            ["sql"] =
                """
                create table public.sale (n int);
                create function public.leave() returns trigger language plpgsql as $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$;
                create constraint trigger leaving after insert on public.sale deferrable initially deferred for each row execute function public.leave();
                insert into public.sale values (1);
                """,
            ["connection"] = "elsewhere",
        });

        (failed.State, failed.TryNumber).ShouldBe(("failed", 1));
        failed.Message.ShouldNotBeNull().ShouldStartWith("Connection 'elsewhere' failed: 57P01");
    }
}
