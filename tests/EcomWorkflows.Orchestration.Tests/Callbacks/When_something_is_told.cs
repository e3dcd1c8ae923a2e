using System.Text.Json.Nodes;
using Dapper;
using EcomWorkflows.Orchestration.Callbacks;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Secrets;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Orchestration.Tests.Execution;
using EcomWorkflows.Testing;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.Callbacks;

public sealed class When_something_is_told(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Secret = "signing-secret";

    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Task_and_run_callbacks_come_once_each_signed_and_with_the_facts()
    {
        await using var receiver = await LocalHttp.StartAsync(_ => Results.Ok());
        var scripts = new Scripts();
        scripts.ByTask["b"] = (context, _) => context.Attempt.TryNumber == 1 ? throw new TaskFailedException("not yet") : Task.FromResult<TaskResult<ScriptedOutputs>>(new ScriptedOutputs("x"));
        scripts.ByTask["c"] = (_, _) => throw new TaskFailedException("for good", FailureCause.BadData, retryable: false);
        await using var orchestrator = await StartAsync(scripts);
        await orchestrator.Get<ConnectionStore>().SetAsync(new ConnectionChange("signing", "webhook", Password: Secret), "test", None);
        var hook = new Callback { On = [CallbackEvent.Success, CallbackEvent.Failure, CallbackEvent.Retry], Webhook = $"{receiver.Address}hook", Connection = "signing" };
        var settings = new TaskSettings { Retries = 1, RetryDelay = TimeSpan.FromMilliseconds(20), Callbacks = [hook] };

        var run = await orchestrator.RunAsync(DagFactory.Make(
            "a; b; c", settings, dag: new DagSettings { Callbacks = [hook with { On = [CallbackEvent.Success, CallbackEvent.Failure] }] }));
        await orchestrator.WaitAsync(run, _ => receiver.Requests.Count >= 5);
        await WaitForAllAsync(orchestrator, run);

        receiver.Requests.Select(r => $"{r.Headers["X-Ecom-Event"]} {JsonNode.Parse(r.Body)!["task_id"]}".Trim()).Order()
            .ShouldBe(["run.failure", "task.failure c", "task.retry b", "task.success a", "task.success b"]);
        receiver.Requests.Select(r => r.Headers["Idempotency-Key"]).Distinct().Count().ShouldBe(5);
        foreach (var request in receiver.Requests)
        {
            WebhookSignature.Verify(Secret, request.Headers[WebhookSignature.Header], request.Body, TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(5)).ShouldBeTrue();
            WebhookSignature.Verify(Secret, request.Headers[WebhookSignature.Header], request.Body + " ", TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(5)).ShouldBeFalse();
            WebhookSignature.Verify(Secret, request.Headers[WebhookSignature.Header], request.Body, TimeProvider.System.GetUtcNow().AddHours(1), TimeSpan.FromMinutes(5)).ShouldBeFalse();
        }
        var failure = JsonNode.Parse(receiver.Requests.Single(r => r.Headers["X-Ecom-Event"] == "task.failure").Body)!;
        (failure["cause"]!.GetValue<string>(), failure["state"]!.GetValue<string>()).ShouldBe(("bad_data", "failed"));
        failure["message"]!.GetValue<string>().ShouldStartWith("for good");
        var failed = JsonNode.Parse(receiver.Requests.Single(r => r.Headers["X-Ecom-Event"] == "run.failure").Body)!["failed_tasks"]!.AsArray().ShouldHaveSingleItem()!;
        ((string)failed["task_id"]!, (string)failed["message"]!).ShouldBe(("c", (string)failure["message"]!), "whoever is told of a run is told why it failed");
        failure["dag_run_id"]!.GetValue<string>().ShouldStartWith("manual__");
    }

    [Fact]
    public async Task A_callback_that_is_not_taken_is_sent_again_with_the_same_key_until_it_is()
    {
        var calls = 0;
        await using var receiver = await LocalHttp.StartAsync(_ => Interlocked.Increment(ref calls) < 3 ? Results.StatusCode(503) : Results.Ok());
        await using var orchestrator = await StartAsync();

        var run = await orchestrator.RunAsync(DagFactory.Make("a", new TaskSettings { Callbacks = [new Callback { On = [CallbackEvent.Success], Webhook = $"{receiver.Address}hook" }] }));
        await WaitForAllAsync(orchestrator, run);

        receiver.Requests.Count.ShouldBe(3);
        receiver.Requests.Select(r => r.Headers["Idempotency-Key"]).Distinct().ShouldHaveSingleItem();
        receiver.Requests.Select(r => r.Body).Distinct().ShouldHaveSingleItem();
        var stored = (await orchestrator.Get<OutboxStore>().ListAsync(null, "delivered", 1, 0, None)).ShouldHaveSingleItem();
        stored.Tries.ShouldBe(3);
    }

    [Fact]
    public async Task A_callback_nobody_takes_is_dead_and_can_be_seen_without_the_secrets_of_its_address()
    {
        await using var receiver = await LocalHttp.StartAsync(_ => Results.StatusCode(500));
        await using var orchestrator = await StartAsync();
        var address = new UriBuilder(receiver.Address) { UserName = "ecom", Password = "hush", Path = "/services/hush" };
        var dag = DagFactory.Make("a", new TaskSettings { Callbacks = [new Callback { On = [CallbackEvent.Success], Webhook = $"{address}" }] });

        var run = await orchestrator.RunAsync(dag);
        await WaitForAllAsync(orchestrator, run);

        var dead = (await orchestrator.Get<OutboxStore>().ListAsync(dag.DagId, "dead", 10, 0, None)).ShouldHaveSingleItem();
        (dead.Tries, dead.LastError).ShouldBe((3, $"{receiver.Address.GetLeftPart(UriPartial.Authority)} answered 500."));
        receiver.Requests.Count.ShouldBe(3);
        (await orchestrator.Get<EventLog>().ListAsync(null, run, null, 100, null, None)).Single(e => e.Kind == "callback_dead").Details.ShouldNotBeNull().ShouldNotContain("hush");
        (await orchestrator.Runs.GetAsync(run, None)).State.ShouldBe("success", "a callback decides nothing");
    }

    [Fact]
    public async Task A_receiver_that_does_not_answer_keeps_nobody_else_waiting()
    {
        var answered = new TaskCompletionSource();
        await using var receiver = await LocalHttp.StartAsync(request => request.Path == "/silent" ? new Silence(answered.Task) : Results.Ok());
        await using var orchestrator = await StartAsync();

        var silent = await orchestrator.RunAsync(Telling("silent"));
        await orchestrator.WaitAsync(silent, _ => receiver.Requests.Any(r => r.Path == "/silent"));
        var other = await orchestrator.RunAsync(Telling("other"));
        await WaitForAllAsync(orchestrator, other);

        var waiting = (await orchestrator.Get<OutboxStore>().ListAsync(null, "pending", 100, 0, None)).Single(c => c.RunId == silent);
        (waiting.Tries, waiting.LastError).ShouldBe((1, null), "nobody has given up on the silent one yet");
        answered.SetResult();
        await WaitForAllAsync(orchestrator, silent);

        Dag Telling(string path) =>
            DagFactory.Make("a", new TaskSettings { Callbacks = [new Callback { On = [CallbackEvent.Success], Webhook = $"{receiver.Address}{path}" }] });
    }

    [Fact]
    public async Task Two_senders_send_each_callback_once()
    {
        await using var receiver = await LocalHttp.StartAsync(_ => Results.Ok());
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        var settings = new TaskSettings { Callbacks = [new Callback { On = [CallbackEvent.Success], Webhook = $"{receiver.Address}many" }] };

        var run = await first.RunAsync(DagFactory.Make(string.Join("; ", Enumerable.Range(0, 40).Select(i => $"t{i}")), settings));
        await WaitForAllAsync(first, run);

        receiver.Requests.Select(r => r.Headers["Idempotency-Key"]).Count().ShouldBe(40);
        receiver.Requests.Select(r => r.Headers["Idempotency-Key"]).Distinct().Count().ShouldBe(40);
    }

    [Fact]
    public async Task A_sender_that_died_in_the_middle_is_replaced_after_its_lease()
    {
        await using var receiver = await LocalHttp.StartAsync(_ => Results.Ok());
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres);
        var run = await orchestrator.CreateRunAsync(DagFactory.Make("a"));
        await using var connection = await postgres.DataSource.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            insert into orchestration.callback (event, dag_id, run_id, channel, target, facts)
            select 'success', dag_id, run_id, 'webhook', @target, '{}' from orchestration.dag_run where run_id = @run
            """,
            new { run, target = $"{receiver.Address}lost" });
        (await orchestrator.Get<OutboxStore>().ClaimAsync(10, TimeSpan.FromSeconds(1), None)).ShouldContain(c => c.RunId == run);
        (await orchestrator.Get<OutboxStore>().ClaimAsync(10, TimeSpan.FromSeconds(1), None)).ShouldNotContain(c => c.RunId == run, "it belongs to the first sender");

        await orchestrator.StartAsync();
        await orchestrator.WaitAsync(run, _ => receiver.Requests.Any(r => r.Path == "/lost"));
    }

    [Fact]
    public async Task An_e_mail_says_what_happened_and_who_is_refused_does_not_have_the_others_told_again()
    {
        await using var mail = new LocalSmtp(refused: "nobody@example.org");
        await using var orchestrator = await StartAsync();
        await orchestrator.Get<ConnectionStore>().SetAsync(
            new ConnectionChange("mail", "smtp", "127.0.0.1", mail.Port, Extra: new JsonObject { ["tls"] = "false", ["from"] = "ecom@example.org" }), "test", None);
        var scripts = orchestrator.Scripts;
        scripts.ByTask["a"] = (_, _) => throw new TaskFailedException("the source is broken", retryable: false);
        var dag = DagFactory.Make("a", new TaskSettings
        {
            Callbacks =
            [
                new Callback { On = [CallbackEvent.Failure], Email = ["ann@example.org", "nobody@example.org"], Connection = "mail" },
            ],
        });

        var run = await orchestrator.RunAsync(dag);
        await WaitForAllAsync(orchestrator, run);

        var (recipients, message) = mail.Messages.ShouldHaveSingleItem();
        recipients.ShouldBe("ann@example.org");
        message.ShouldContain("From: ecom@example.org");
        message.ShouldContain("message: the source is broken");
        message.ShouldMatch("Subject: \\[ecom\\] dag_.*a: failed");
        var dead = (await orchestrator.Get<OutboxStore>().ListAsync(dag.DagId, "dead", 10, 0, None)).ShouldHaveSingleItem();
        dead.Target.ShouldBe("nobody@example.org");
        dead.LastError.ShouldNotBeNull().ShouldContain("no such mailbox");
    }

    [Fact]
    public async Task A_missed_deadline_is_told_once_for_the_run_and_for_the_task_that_is_late()
    {
        await using var receiver = await LocalHttp.StartAsync(_ => Results.Ok());
        var scripts = new Scripts();
        var gate = new TaskCompletionSource();
        scripts.ByTask["slow"] = async (_, _) =>
        {
            await gate.Task;
            return new ScriptedOutputs("late");
        };
        await using var orchestrator = await StartAsync(scripts);
        var hook = new Callback { On = [CallbackEvent.Deadline], Webhook = $"{receiver.Address}late" };
        var dag = DagFactory.Make(
            "quick; slow", of: task => new TaskSettings { Deadline = task == "slow" ? TimeSpan.FromMilliseconds(300) : TimeSpan.FromHours(1), Callbacks = [hook] }, dag: new DagSettings { Deadline = TimeSpan.FromMilliseconds(600), Callbacks = [hook] });

        var run = await orchestrator.CreateRunAsync(dag);
        await orchestrator.WaitAsync(run, _ => receiver.Requests.Count == 2);
        gate.SetResult();
        await orchestrator.WaitAsync(run, r => r.State == "success");
        await WaitForAllAsync(orchestrator, run);

        // Where the task starts late, both are due at once; then either comes first.
        var told = receiver.Requests.Select(r => JsonNode.Parse(r.Body)!).ToDictionary(body => (string?)body["task_id"] ?? "the run", body => body["deadline_seconds"]!.GetValue<double>());
        told.ShouldBe(new Dictionary<string, double> { ["slow"] = 0.3, ["the run"] = 0.6 }, ignoreOrder: true);
    }

    [Fact]
    public async Task A_callback_without_its_transition_does_not_exist()
    {
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres);
        var dag = DagFactory.Make("a", new TaskSettings { Callbacks = [new Callback { On = [CallbackEvent.Success], Webhook = "http://127.0.0.1:9/" }] });
        var run = await orchestrator.CreateRunAsync(dag);
        // The outcome of an attempt that is not running is refused, and with it what it would have told.
        await orchestrator.Get<CompletionStore>().CompleteAsync([AttemptOutcome.Succeeded(4711, run, "{}")], "test", None);
        (await orchestrator.Get<OutboxStore>().ListAsync(dag.DagId, null, 10, 0, None)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 10)]
    [InlineData(4, 40)]
    [InlineData(20, 3600)]
    public void The_wait_between_two_tries_doubles_up_to_an_hour(int tries, double seconds) =>
        CallbackSender.WaitAfter(tries, TimeSpan.FromSeconds(5)).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Fact]
    public void Wrong_callbacks_and_retry_rules_are_import_errors()
    {
        var dag = DagFactory.Make(
            "a",
            new TaskSettings
            {
                RetryOn = ["timeot", "cancelled", "System.TimeoutException"],
                NeverRetryOn = ["bad data"],
                Callbacks =
                [
                    new Callback { On = [], Webhook = "ftp://x" },
                    new Callback { On = [CallbackEvent.Deadline], Webhook = "http://x" },
                    new Callback { On = [CallbackEvent.Success], Email = ["no mail"] },
                    new Callback { On = [CallbackEvent.Success] },
                    new Callback { On = [CallbackEvent.Success], Webhook = "https://ann:hidden@hooks.example.org/ecom" },
                ],
            },
            dag: new DagSettings { Deadline = TimeSpan.Zero, Callbacks = [new Callback { On = [CallbackEvent.Retry], Webhook = "http://x" }] });

        DagValidator.Problems(dag).Select(p => $"{p.Place}: {p.Message}").ShouldBe(
            [
                "root.deadlineSeconds: 0 is out of range. Use more than 0, at most 31536000 (a year), or leave it out.",
                "root.callbacks[0].on: Runs are not retried. Put the callback for retry on the task.",
                "task 'a'.callbacks[0].on: The callback names no event. Use a list of success, failure, retry, deadline.",
                "task 'a'.callbacks[0].webhook: 'ftp://x' is no http or https address.",
                "task 'a'.callbacks[1].on: There is no deadline. Set deadlineSeconds, or leave 'deadline' out.",
                "task 'a'.callbacks[2].email: 'no mail' is no e-mail address.",
                "task 'a'.callbacks[2].connection: An e-mail needs a connection of type smtp. Name it.",
                "task 'a'.callbacks[3]: A callback needs either webhook (an address) or email (a list of recipients), and not both.",
                "task 'a'.callbacks[4].webhook: The address of hooks.example.org holds a user or password: these are not sent, and everyone who sees the DAG sees them. Leave them out; the receiver can check the signature (connection).",
                "task 'a'.retryOn: 'timeot' is neither a cause nor an exception type. Did you mean 'timeout'? Causes: user_error, timeout, worker_lost, out_of_memory, bad_data, dependency, cancelled; types are written like TimeoutException or System.TimeoutException.",
                "task 'a'.retryOn: What was cancelled is never tried again by itself. Leave 'cancelled' out.",
                "task 'a'.neverRetryOn: 'bad data' is neither a cause nor an exception type. Did you mean 'bad_data'? Causes: user_error, timeout, worker_lost, out_of_memory, bad_data, dependency, cancelled; types are written like TimeoutException or System.TimeoutException.",
            ],
            ignoreOrder: true);
    }

    private async Task<TestOrchestrator> StartAsync(Scripts? scripts = null)
    {
        var orchestrator = await TestOrchestrator.CreateAsync(
            postgres, scripts, o => o with { PollInterval = TimeSpan.FromMilliseconds(50), CallbackRetryDelay = TimeSpan.FromMilliseconds(50), CallbackTries = 3 });
        await orchestrator.StartAsync();
        return orchestrator;
    }

    private static async Task WaitForAllAsync(TestOrchestrator orchestrator, long run)
    {
        var dagId = (await orchestrator.Runs.GetAsync(run, None)).DagId;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while ((await orchestrator.Get<OutboxStore>().ListAsync(dagId, "pending", 1, 0, patience.Token)).Count > 0)
            await Task.Delay(20, patience.Token);
    }

    /// <summary>An answer that does not come before a task is done.</summary>
    private sealed class Silence(Task until) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => until;
    }
}
