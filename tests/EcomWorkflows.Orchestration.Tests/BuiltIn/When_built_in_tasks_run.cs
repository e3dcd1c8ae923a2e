using System.Diagnostics;
using System.Text.Json.Nodes;
using Dapper;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Secrets;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Orchestration.Tests.Execution;
using EcomWorkflows.Testing;
using Microsoft.AspNetCore.Http;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.BuiltIn;

public sealed class When_built_in_tasks_run(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Empty_succeeds_and_fail_fails_with_its_message_at_once_or_after_its_retries()
    {
        await using var orchestrator = await StartAsync();

        (await orchestrator.RunAsync("Core.Empty", [])).State.ShouldBe("success");
        var failed = await orchestrator.RunAsync("Core.Fail", new JsonObject { ["message"] = "stop here", ["cause"] = "bad_data" }, new TaskSettings { Retries = 3 });
        (failed.State, failed.TryNumber, failed.Cause).ShouldBe(("failed", 1, "bad_data"));
        failed.Message.ShouldNotBeNull().ShouldStartWith("stop here");
        var retried = await orchestrator.RunAsync("Core.Fail", new JsonObject { ["retryable"] = true }, new TaskSettings { Retries = 2, RetryDelay = TimeSpan.Zero });
        retried.TryNumber.ShouldBe(3);
    }

    [Fact]
    public async Task Wait_takes_its_time_and_one_in_the_past_none()
    {
        await using var orchestrator = await StartAsync();
        var started = Stopwatch.GetTimestamp();
        (await orchestrator.RunAsync("Core.Wait", new JsonObject { ["seconds"] = 0.3 })).State.ShouldBe("success");
        Stopwatch.GetElapsedTime(started).ShouldBeGreaterThan(TimeSpan.FromSeconds(0.3));
        (await orchestrator.RunAsync("Core.Wait", new JsonObject { ["until"] = "2020-01-01T00:00:00Z" })).State.ShouldBe("success");
        (await orchestrator.RunAsync("Core.Wait", new JsonObject { ["until"] = "{{ ts }}" })).State.ShouldBe("success");
        (await orchestrator.RunAsync("Core.Wait", [])).Message.ShouldNotBeNull().ShouldContain("needs either seconds or until");
        (await orchestrator.RunAsync("Core.Wait", new JsonObject { ["seconds"] = -1 })).Message.ShouldNotBeNull().ShouldContain("allowed are 0 to 31536000");
    }

    [Fact]
    public async Task Sql_takes_values_beside_the_text_and_gives_rows_back()
    {
        await using var orchestrator = await StartAsync();
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
        await using var orchestrator = await StartAsync();
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
        await using var orchestrator = await StartAsync();

        var failed = await orchestrator.RunAsync(type, new JsonObject { ["sql"] = sql }, new TaskSettings { Retries = 3 });

        (failed.State, failed.TryNumber).ShouldBe(("failed", 1));
        failed.Message.ShouldNotBeNull().ShouldStartWith(message);
        await using var connection = await postgres.DataSource.OpenConnectionAsync();
        (await connection.ExecuteScalarAsync<bool>("select to_regclass('public.torn') is null")).ShouldBeTrue();
    }

    [Fact]
    public async Task Sql_that_gives_more_than_outputs_may_hold_changes_nothing()
    {
        await using var orchestrator = await StartAsync();

        var failed = await orchestrator.RunAsync("Core.Sql", new JsonObject
        {
            ["sql"] = "create table public.bulky (n int); select repeat('x', 1000000) as text from generate_series(1, 5)",
        });

        (failed.State, failed.TryNumber).ShouldBe(("failed", 1));
        failed.Message.ShouldNotBeNull().ShouldStartWith("The outputs of the task are 6.7 MiB of JSON, most of it in 'rows'; at most 4 MiB are kept.");
        await using var connection = await postgres.DataSource.OpenConnectionAsync();
        (await connection.ExecuteScalarAsync<bool>("select to_regclass('public.bulky') is null")).ShouldBeTrue();
    }

    [Theory]
    [InlineData('x', 5_000_000, "failed")]
    [InlineData('é', 1_000_000, "success")]
    public async Task Outputs_of_any_task_have_a_limit_that_counts_what_is_kept(char letter, int count, string state)
    {
        await using var orchestrator = await StartAsync();
        orchestrator.Scripts.ByTask["a"] = (_, _) => Task.FromResult<TaskResult<ScriptedOutputs>>(new ScriptedOutputs(new string(letter, count)));

        var done = await orchestrator.RunAsync("Test.Scripted", []);

        done.State.ShouldBe(state);
        if (state == "failed")
            done.Message.ShouldNotBeNull().ShouldStartWith("The outputs of the task are 4.8 MiB of JSON, most of it in 'said'; at most 4 MiB are kept. Let it give less");
    }

    [Fact]
    public async Task Sql_that_changes_its_session_changes_nobody_elses()
    {
        await using var orchestrator = await StartAsync();

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
        await using var orchestrator = await StartAsync();
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
        await using var orchestrator = await StartAsync();

        var failed = await orchestrator.RunAsync(
            type, new JsonObject { ["sql"] = "select pg_sleep(60)", ["statementTimeoutSeconds"] = 1 }, new TaskSettings { Retries = 1, RetryDelay = TimeSpan.Zero });

        (failed.State, failed.Cause, failed.TryNumber).ShouldBe(("failed", "timeout", 2));
        failed.Message.ShouldNotBeNull().ShouldContain("The SQL was not done within 1 seconds. Give it more with statementTimeoutSeconds");
    }

    [Fact]
    public async Task Where_a_connection_by_name_breaks_the_message_names_it()
    {
        var other = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync());
        await using var orchestrator = await StartAsync();
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

    [Fact]
    public async Task Http_sends_method_headers_and_body_signs_in_and_reads_json()
    {
        await using var server = await LocalHttp.StartAsync(_ => Results.Json(new { id = 7 }, statusCode: 201));
        await using var orchestrator = await StartAsync();
        await orchestrator.Get<ConnectionStore>().SetAsync(
            new ConnectionChange("api", "http", server.Address.ToString(), Login: "ann", Password: "geheim-1"), "test", None);

        var done = await orchestrator.RunAsync("Core.Http", new JsonObject
        {
            ["url"] = "orders?day={{ ds_nodash }}", ["method"] = "POST", ["connection"] = "api", ["body"] = """{"run":"{{ run_id }}"}""",
            ["headers"] = new JsonObject { ["X-Shop"] = "eu" }, ["expectedStatus"] = new JsonArray(201),
        });

        done.Outputs()["json"]!["id"]!.GetValue<int>().ShouldBe(7);
        var request = server.Requests.ShouldHaveSingleItem();
        request.Method.ShouldBe("POST");
        request.Path.ShouldStartWith("/orders?day=20");
        request.Body.ShouldContain("manual__");
        request.Headers["X-Shop"].ShouldBe("eu");
        request.Headers["Authorization"].ShouldBe("Basic " + Convert.ToBase64String("ann:geheim-1"u8));
    }

    [Fact]
    public async Task Http_fails_on_an_unexpected_status_a_timeout_a_dead_host_and_never_sends_credentials_elsewhere()
    {
        await using var server = await LocalHttp.StartAsync(r => r.Path.StartsWith("/slow", StringComparison.Ordinal) ? new Slow() : Results.Text("no such order", statusCode: 404));
        await using var orchestrator = await StartAsync();
        await orchestrator.Get<ConnectionStore>().SetAsync(new ConnectionChange("api2", "http", "api.example", Password: "geheim-2", Login: "ann"), "test", None);

        var refused = await orchestrator.RunAsync("Core.Http", new JsonObject { ["url"] = $"{server.Address}orders/1" });
        refused.Message.ShouldNotBeNull().ShouldContain("answered 404; expected 200 to 299. It said: no such order");
        var slow = await orchestrator.RunAsync("Core.Http", new JsonObject { ["url"] = $"{server.Address}slow", ["requestTimeoutSeconds"] = 0.3 });
        (slow.Cause, slow.State).ShouldBe(("timeout", "failed"));
        (await orchestrator.RunAsync("Core.Http", new JsonObject { ["url"] = "http://127.0.0.1:9/" })).Message.ShouldNotBeNull().ShouldContain("GET http://127.0.0.1:9/ failed");
        (await orchestrator.RunAsync("Core.Http", new JsonObject { ["url"] = "orders" })).Message.ShouldNotBeNull().ShouldContain("is no http or https address");
        (await orchestrator.RunAsync("Core.Http", new JsonObject { ["url"] = $"{server.Address}steal", ["connection"] = "api2" }))
            .Message.ShouldNotBeNull().ShouldContain("its credentials are not sent elsewhere");
        server.Requests.ShouldNotContain(r => r.Path == "/steal");
    }

    [Fact]
    public async Task Http_follows_redirects_on_the_same_server_with_its_headers_and_leads_them_nowhere_else()
    {
        await using var elsewhere = await LocalHttp.StartAsync(_ => Results.Text("stolen"));
        await using var server = await LocalHttp.StartAsync(r => r.Path switch
        {
            "/old" => Results.Redirect("/new"),
            "/kept" => Results.Redirect("/new", preserveMethod: true),
            "/round" => Results.Redirect("/round"),
            "/away" => Results.Redirect($"{elsewhere.Address}take?token=1"),
            _ => Results.Json(new { id = 7 }),
        });
        await using var orchestrator = await StartAsync();
        await orchestrator.Get<ConnectionStore>().SetAsync(new ConnectionChange("moved", "http", server.Address.ToString(), Login: "ann", Password: "geheim-3"), "test", None);
        JsonObject Call(string path) => new()
        {
            ["url"] = path, ["method"] = "POST", ["connection"] = "moved", ["body"] = "{}", ["headers"] = new JsonObject { ["X-Api-Key"] = "key-3" },
        };

        (await orchestrator.RunAsync("Core.Http", Call("old"))).Outputs()["json"]!["id"]!.GetValue<int>().ShouldBe(7);
        (await orchestrator.RunAsync("Core.Http", Call("kept"))).Outputs()["json"]!["id"]!.GetValue<int>().ShouldBe(7);
        var round = await orchestrator.RunAsync("Core.Http", Call("round"));
        var away = await orchestrator.RunAsync("Core.Http", Call("away"));

        server.Requests.Where(r => r.Path == "/new").Select(r => $"{r.Method} {r.Body}").ShouldBe(["GET ", "POST {}"]);
        server.Requests.ShouldAllBe(r => r.Headers["X-Api-Key"] == "key-3" && r.Headers["Authorization"].StartsWith("Basic "));
        server.Requests.Count(r => r.Path == "/round").ShouldBe(6);
        round.Message.ShouldNotBeNull().ShouldContain("answered 302; expected 200 to 299. It leads to");
        away.Message.ShouldNotBeNull().ShouldContain($"It leads to {elsewhere.Address}take; redirects are followed on the same server only");
        elsewhere.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Shell_streams_its_output_to_the_log_and_gets_values_by_environment()
    {
        await using var orchestrator = await StartAsync();
        await orchestrator.Get<VariableStore>().SetAsync("shell_secret", "top-secret-9", isSecret: true, null, "test", None);
        var done = await orchestrator.RunAsync("Core.Shell", new JsonObject
        {
            ["command"] = """
                echo "day $DAY of $ECOM_DAG_ID"; echo "secret $TOKEN"; echo "database ${ECOM_DATABASE:-none}"; cat; i=0; while [ $i -lt 20 ]; do i=$((i+1)); echo line $i; done; pwd
                """,
            ["environment"] = new JsonObject { ["DAY"] = "{{ ds }}", ["TOKEN"] = "{{ var.shell_secret }}" },
            ["maxLogLines"] = 10,
        });

        done.Outputs()["exitCode"]!.GetValue<int>().ShouldBe(0);
        done.Outputs()["lastLine"]!.GetValue<string>().ShouldEndWith($"attempt-{done.AttemptId}");
        var log = (await orchestrator.Get<LogStore>().ReadAsync(done.AttemptId!.Value, 0, 100, None)).Select(l => l.Message).ToList();
        log.ShouldContain(l => l.StartsWith("day 20"));
        log.ShouldContain("secret ***");
        log.ShouldContain("database none");
        log.ShouldContain("14 more lines of output were not kept (maxLogLines is 10)");

        var warned = await orchestrator.RunAsync("Core.Shell", new JsonObject { ["command"] = "echo careful >&2" });
        (await orchestrator.Get<LogStore>().ReadAsync(warned.AttemptId!.Value, 0, 100, None)).ShouldContain(l => l.Message == "careful");
    }

    [Theory]
    [InlineData("exit 99", "skipped", "nothing to do")]
    [InlineData("echo broken >&2; exit 3", "failed", "exit code 3. Its last words: broken")]
    [InlineData("kill -TERM $$", "failed", "signal 15")]
    [InlineData("exit 192", "failed", "signal 64")]
    [InlineData("exit 193", "failed", "exit code 193")]
    [InlineData("exit 255", "failed", "exit code 255")]
    public async Task Shell_says_how_the_command_ended(string command, string state, string message)
    {
        await using var orchestrator = await StartAsync();
        var done = await orchestrator.RunAsync("Core.Shell", new JsonObject { ["command"] = command });
        done.State.ShouldBe(state);
        done.Message.ShouldNotBeNull().ShouldContain(message);
    }

    [Theory]
    [InlineData("timeout")]
    [InlineData("cancel")]
    public async Task Shell_kills_the_whole_process_group_on_timeout_and_cancel(string how)
    {
        await using var orchestrator = await StartAsync();
        var pidFile = Path.Combine(Path.GetTempPath(), $"ecom-shell-{Guid.NewGuid():n}");
        var dag = BuiltInDag.Single(
            "Core.Shell",
            // The grandchild does not listen to SIGTERM and would live for ever.
            new JsonObject { ["command"] = "sh -c 'trap \"\" TERM; echo $$ > \"$FILE\"; while true; do sleep 1; done' & wait", ["environment"] = new JsonObject { ["FILE"] = pidFile } },
            new TaskSettings { Timeout = how == "timeout" ? TimeSpan.FromSeconds(1) : null });
        var run = await orchestrator.CreateRunAsync(dag);
        await orchestrator.WaitAsync(run, _ => File.Exists(pidFile) && File.ReadAllText(pidFile).EndsWith('\n'));
        var grandchild = int.Parse(File.ReadAllText(pidFile));

        if (how == "cancel")
            await orchestrator.Get<RerunStore>().CancelAsync(run, "test", None);
        await orchestrator.WaitAsync(run, r => r.State == "failed");

        await orchestrator.WaitAsync(run, _ => !IsAlive(grandchild));
        var instance = (await orchestrator.Runs.TaskInstancesAsync(run, None)).Single();
        instance.Cause.ShouldBe(how == "timeout" ? "timeout" : "cancelled");
        File.Delete(pidFile);
    }

    [Theory]
    [InlineData("end", "failed")]
    [InlineData("timeout", "timeout")]
    [InlineData("cancel", "cancelled")]
    public async Task Shell_does_not_wait_for_a_process_that_left_its_session_and_holds_its_output(string how, string expected)
    {
        await using var orchestrator = await StartAsync();
        var pidFile = Path.Combine(Path.GetTempPath(), $"ecom-shell-{Guid.NewGuid():n}");
        var dag = BuiltInDag.Single(
            "Core.Shell",
            new JsonObject
            {
                ["command"] = $"setsid sh -c 'echo $$ > \"$FILE\"; exec sleep 300' & until [ -s \"$FILE\" ]; do sleep 0.01; done; echo last; {(how == "end" ? "exit 3" : "sleep 300")}",
                ["environment"] = new JsonObject { ["FILE"] = pidFile },
            },
            new TaskSettings { Timeout = how == "timeout" ? TimeSpan.FromSeconds(1) : null });
        var run = await orchestrator.CreateRunAsync(dag);
        await orchestrator.WaitAsync(run, _ => File.Exists(pidFile) && File.ReadAllText(pidFile).EndsWith('\n'));
        using var left = Process.GetProcessById(int.Parse(File.ReadAllText(pidFile)));

        if (how == "cancel")
            await orchestrator.Get<RerunStore>().CancelAsync(run, "test", None);
        await orchestrator.WaitAsync(run, r => r.State == "failed");

        var instance = (await orchestrator.Runs.TaskInstancesAsync(run, None)).Single();
        (how == "end" ? instance.State : instance.Cause).ShouldBe(expected);
        if (how == "end")
            instance.Message.ShouldNotBeNull().ShouldStartWith("The command ended with exit code 3. Its last words: last");
        await orchestrator.WaitUntilAsync(
            async () => (await orchestrator.Get<LogStore>().ReadAsync(instance.AttemptId!.Value, 0, 100, None)).Any(l => l.Message.StartsWith("A process that the command has left behind still holds its output")),
            "the log tells of the process");
        left.HasExited.ShouldBeFalse();
        left.Kill();
        File.Delete(pidFile);
    }

    [Fact]
    public async Task Code_inputs_take_no_templates()
    {
        await using var orchestrator = await StartAsync();
        var registry = orchestrator.Get<TaskRegistry>();
        var problems = TemplateValidator.Problems(BuiltInDag.Single("Core.Sql", new JsonObject { ["sql"] = "select '{{ ds }}'" }), registry);
        problems.ShouldHaveSingleItem().Message.ShouldContain("takes no templates");
        TemplateValidator.Problems(BuiltInDag.Single("Core.Shell", new JsonObject { ["command"] = "echo {{ ds }}" }), registry).ShouldHaveSingleItem();
    }

    internal static bool IsAlive(int processId) =>
        File.Exists($"/proc/{processId}/stat") && File.ReadAllText($"/proc/{processId}/stat").Split(") ")[1][0] != 'Z';

    private async Task<TestOrchestrator> StartAsync()
    {
        var orchestrator = await TestOrchestrator.CreateAsync(postgres);
        await orchestrator.StartAsync();
        return orchestrator;
    }

    private sealed class Slow : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => Task.Delay(TimeSpan.FromSeconds(20), httpContext.RequestAborted);
    }
}
