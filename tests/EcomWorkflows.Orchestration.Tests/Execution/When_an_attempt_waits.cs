using System.Diagnostics;
using System.Text.Json.Nodes;
using Dapper;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.Execution;

public sealed class When_an_attempt_waits(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_rescheduled_attempt_keeps_its_try_number_its_log_and_its_memo_and_holds_no_slot_between_checks()
    {
        var scripts = new Scripts();
        scripts.ByTask["sensor"] = (context, _) => Task.FromResult<TaskResult<ScriptedOutputs>>(context.Check < 3
            ? new TaskResult<ScriptedOutputs>.Rescheduled(TimeSpan.FromMilliseconds(150), "nothing there") { Memo = new JsonObject { ["seen"] = context.Check } }
            : new ScriptedOutputs($"seen {context.Memo["seen"]}"));
        // The only slot of the node: it can run 'other' only while the sensor waits without it.
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres, scripts, o => o with { Slots = 1 });
        await orchestrator.StartAsync();

        var run = await orchestrator.RunAsync(DagFactory.Make("sensor; other"));

        (await orchestrator.Runs.GetAsync(run, None)).State.ShouldBe("success");
        var attempt = (await orchestrator.Runs.AttemptsAsync(run, "sensor", None)).ShouldHaveSingleItem();
        attempt.TryNumber.ShouldBe(1);
        attempt.Outputs.ShouldBe("""{"said": "seen 2"}""");
        orchestrator.Scripts.Started.Select(s => s.TaskId).ToList().IndexOf("other").ShouldBeLessThan(3, "the slot is free while the sensor waits");
        var log = await orchestrator.Get<LogStore>().ReadAsync(attempt.AttemptId, 0, 100, None);
        log.Select(l => l.Message).ShouldContain("Try 1 of sensor waits (up_for_reschedule): nothing there");
        log.Select(l => l.Message).ShouldContain("Try 1 of sensor goes on: check 3");
        (await StatesOfAsync(run, "sensor")).ShouldBe(
            ["none>queued", "queued>running", "running>up_for_reschedule", "up_for_reschedule>queued", "queued>running", "running>up_for_reschedule",
             "up_for_reschedule>queued", "queued>running", "running>success"]);
    }

    [Fact]
    public async Task The_next_check_comes_soon_after_it_is_due_though_the_sweep_is_far_away()
    {
        var scripts = new Scripts();
        var checks = new List<long>();
        scripts.ByTask["sensor"] = (context, _) =>
        {
            checks.Add(Stopwatch.GetTimestamp());
            return Task.FromResult<TaskResult<ScriptedOutputs>>(context.Check < 4
                ? new TaskResult<ScriptedOutputs>.Rescheduled(TimeSpan.FromMilliseconds(100))
                : new ScriptedOutputs("done"));
        };
        await using var orchestrator = await TestOrchestrator.CreateAsync(
            postgres, scripts, o => o with { SweepInterval = TimeSpan.FromMinutes(5), PollInterval = TimeSpan.FromMinutes(5) });
        await orchestrator.StartAsync();

        await orchestrator.RunAsync(DagFactory.Make("sensor"));

        foreach (var (earlier, later) in checks.Zip(checks.Skip(1)))
        {
            Stopwatch.GetElapsedTime(earlier, later).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(100));
            Stopwatch.GetElapsedTime(earlier, later).ShouldBeLessThan(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task A_wait_outlives_its_node_and_another_node_goes_on_with_the_same_attempt()
    {
        var scripts = new Scripts();
        scripts.ByTask["sensor"] = (context, _) => Task.FromResult<TaskResult<ScriptedOutputs>>(context.Check == 1
            ? new TaskResult<ScriptedOutputs>.Rescheduled(TimeSpan.FromMilliseconds(300)) { Memo = new JsonObject { ["from"] = "first" } }
            : new ScriptedOutputs($"{context.Memo["from"]}"));
        long run;
        await using (var first = await TestOrchestrator.CreateAsync(postgres, scripts))
        {
            await first.StartAsync();
            run = await first.CreateRunAsync(DagFactory.Make("sensor"));
            await first.WaitForTaskAsync(run, "sensor", "up_for_reschedule");
            await first.StopAsync();
        }
        await using var second = await TestOrchestrator.CreateAsync(postgres, scripts);
        await second.StartAsync();

        await second.WaitAsync(run, r => r.State == "success");

        var attempt = (await second.Runs.AttemptsAsync(run, "sensor", None)).ShouldHaveSingleItem();
        (attempt.TryNumber, attempt.Outputs).ShouldBe((1, """{"said": "first"}"""));
    }

    [Fact]
    public async Task A_check_that_is_lost_with_its_node_is_tried_again_with_the_memo_but_a_clear_starts_anew()
    {
        var scripts = new Scripts();
        scripts.ByTask["sensor"] = (context, _) => context switch
        {
            { Attempt.TryNumber: 1, Check: 1 } => Wait(new JsonObject { ["from"] = "first" }),
            { Attempt.TryNumber: 1 } => throw new TaskFailedException("the node fell", FailureCause.WorkerLost),
            _ => Task.FromResult<TaskResult<ScriptedOutputs>>(new ScriptedOutputs($"memo {context.Memo["from"]}")),
        };
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres, scripts);
        await orchestrator.StartAsync();
        var run = await orchestrator.RunAsync(DagFactory.Make("sensor"));
        (await orchestrator.Runs.AttemptsAsync(run, "sensor", None)).Select(a => a.Outputs).ShouldBe([null, """{"said": "memo first"}"""]);

        await orchestrator.Get<RerunStore>().ClearAsync(run, new ClearSelection(OnlyFailed: false), dryRun: false, "test", None);
        await orchestrator.WaitAsync(run, r => r is { State: "success", ClearNumber: 1 });

        (await orchestrator.Runs.AttemptsAsync(run, "sensor", None))[^1].Outputs.ShouldBe("""{"said": "memo "}""");
    }

    [Fact]
    public async Task A_deferred_task_goes_on_when_its_event_is_raised_and_an_event_raised_before_counts()
    {
        var scripts = new Scripts();
        foreach (var task in new[] { "late", "early" })
        {
            scripts.ByTask[task] = (context, _) => Task.FromResult<TaskResult<ScriptedOutputs>>(
                context.Check == 1 ? new TaskResult<ScriptedOutputs>.Deferred($"delivery:{task}") : new ScriptedOutputs("went on"));
        }
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres, scripts, o => o with { SweepInterval = TimeSpan.FromMinutes(5) });
        await orchestrator.Get<EventStore>().RaiseAsync("delivery:early", "test", None);
        await orchestrator.StartAsync();

        var run = await orchestrator.CreateRunAsync(DagFactory.Make("late; early"));
        await orchestrator.WaitForTaskAsync(run, "early", "success");
        (await orchestrator.StatesAsync(run))["late"].ShouldBe("deferred");
        await orchestrator.Get<EventStore>().RaiseAsync("delivery:late", "test", None);

        await orchestrator.WaitAsync(run, r => r.State == "success");
    }

    [Fact]
    public async Task A_task_deferred_until_a_time_goes_on_without_its_event()
    {
        var scripts = new Scripts();
        scripts.ByTask["a"] = (context, _) => Task.FromResult<TaskResult<ScriptedOutputs>>(context.Check == 1
            ? new TaskResult<ScriptedOutputs>.Deferred("never", context.Time.GetUtcNow().AddMilliseconds(100))
            : new ScriptedOutputs("time is over"));
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres, scripts);
        await orchestrator.StartAsync();

        var run = await orchestrator.RunAsync(DagFactory.Make("a"));

        (await orchestrator.Runs.GetAsync(run, None)).State.ShouldBe("success");
    }

    [Fact]
    public async Task A_question_waits_for_a_person_and_the_event_log_says_who_answered()
    {
        var scripts = new Scripts();
        scripts.ByTask["ask"] = (context, _) => Task.FromResult<TaskResult<ScriptedOutputs>>(context.Answer is { } answer
            ? new ScriptedOutputs($"{answer.Option} by {answer.By}: {answer.Comment}")
            : new TaskResult<ScriptedOutputs>.AwaitingInput(new TaskQuestion("Publish?", ["yes", "no"]) { Assignees = ["ann"] }));
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres, scripts);
        await orchestrator.StartAsync();
        var run = await orchestrator.CreateRunAsync(DagFactory.Make("ask>b"));
        await orchestrator.WaitForTaskAsync(run, "ask", "awaiting_input");
        var questions = orchestrator.Get<QuestionStore>();

        (await questions.ListAsync(null, run, onlyOpen: true, 10, None)).ShouldHaveSingleItem().Subject.ShouldBe("Publish?");
        (await Should.ThrowAsync<OrchestrationException>(() => questions.AnswerAsync(run, "ask", -1, "maybe", null, "ann", None)))
            .Message.ShouldBe("'maybe' is no answer to 'Publish?'; allowed: yes, no.");
        (await Should.ThrowAsync<OrchestrationException>(() => questions.AnswerAsync(run, "ask", -1, "yes", null, "bob", None)))
            .Message.ShouldBe("bob may not answer 'Publish?'; it was asked of: ann.");
        await questions.AnswerAsync(run, "ask", -1, "yes", "looks right", "ann", None);
        await orchestrator.WaitAsync(run, r => r.State == "success");

        var attempt = (await orchestrator.Runs.AttemptsAsync(run, "ask", None)).ShouldHaveSingleItem();
        attempt.Outputs.ShouldBe("""{"said": "yes by ann: looks right"}""");
        (await orchestrator.Get<Storage.EventLog>().ListAsync(null, run, "ask", 100, null, None)).ShouldContain(e => e.Kind == "answer" && e.Actor == "ann");
        (await Should.ThrowAsync<NotFoundException>(() => questions.AnswerAsync(run, "ask", -1, "yes", null, "ann", None))).Message.ShouldContain("asks nothing now");
    }

    [Fact]
    public async Task An_unanswered_question_ends_with_its_time_and_cannot_be_answered_any_more()
    {
        var scripts = new Scripts();
        scripts.ByTask["ask"] = (context, _) => Task.FromResult<TaskResult<ScriptedOutputs>>(context.Check > 1
            ? new ScriptedOutputs(context.Answer?.Option ?? "nobody")
            : new TaskResult<ScriptedOutputs>.AwaitingInput(new TaskQuestion("Publish?", ["yes"]) { Until = context.Time.GetUtcNow().AddMilliseconds(100) }));
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres, scripts);
        await orchestrator.StartAsync();

        var run = await orchestrator.RunAsync(DagFactory.Make("ask"));

        (await orchestrator.Runs.AttemptsAsync(run, "ask", None)).ShouldHaveSingleItem().Outputs.ShouldBe("""{"said": "nobody"}""");
        (await orchestrator.Get<QuestionStore>().ListAsync(null, run, onlyOpen: false, 10, None)).ShouldHaveSingleItem().ClosedAt.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("cancel")]
    [InlineData("clear")]
    public async Task A_waiting_attempt_is_fenced_when_its_run_is_cancelled_or_its_task_cleared(string how)
    {
        var scripts = new Scripts();
        scripts.ByTask["ask"] = (context, _) => Task.FromResult<TaskResult<ScriptedOutputs>>(context.Attempt.TryNumber > 1
            ? new ScriptedOutputs("second")
            : new TaskResult<ScriptedOutputs>.AwaitingInput(new TaskQuestion("Publish?", ["yes"])));
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres, scripts);
        await orchestrator.StartAsync();
        var run = await orchestrator.CreateRunAsync(DagFactory.Make("ask"));
        await orchestrator.WaitForTaskAsync(run, "ask", "awaiting_input");

        if (how == "cancel")
            await orchestrator.Get<RerunStore>().CancelAsync(run, "test", None);
        else
            await orchestrator.Get<RerunStore>().ClearAsync(run, new ClearSelection(OnlyFailed: false), dryRun: false, "test", None);
        await orchestrator.WaitAsync(run, r => r.State == (how == "cancel" ? "failed" : "success"));

        var first = (await orchestrator.Runs.AttemptsAsync(run, "ask", None))[0];
        (first.State, first.Cause).ShouldBe(("fenced", "cancelled"));
        (await orchestrator.Get<QuestionStore>().ListAsync(null, run, onlyOpen: true, 10, None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_outcome_of_an_earlier_check_that_is_reported_twice_is_refused()
    {
        var scripts = new Scripts();
        var second = new TaskCompletionSource();
        scripts.ByTask["sensor"] = async (context, _) =>
        {
            if (context.Check == 1)
                return new TaskResult<ScriptedOutputs>.Rescheduled(TimeSpan.Zero);
            await second.Task;
            return new ScriptedOutputs("done");
        };
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres, scripts);
        await orchestrator.StartAsync();
        var run = await orchestrator.CreateRunAsync(DagFactory.Make("sensor"));
        await orchestrator.WaitAsync(run, _ => orchestrator.Scripts.Started.Count == 2);
        var attempt = (await orchestrator.Runs.AttemptsAsync(run, "sensor", None)).ShouldHaveSingleItem();

        var late = AttemptOutcome.Waiting(attempt.AttemptId, run, TaskState.UpForReschedule, new AttemptWait(DateTimeOffset.UnixEpoch, null, null, null), null);
        (await orchestrator.Get<CompletionStore>().CompleteAsync([late], "test", None)).ShouldBe([attempt.AttemptId]);
        second.SetResult();

        await orchestrator.WaitAsync(run, r => r.State == "success");
    }

    private static Task<TaskResult<ScriptedOutputs>> Wait(JsonObject memo) =>
        Task.FromResult<TaskResult<ScriptedOutputs>>(new TaskResult<ScriptedOutputs>.Rescheduled(TimeSpan.Zero) { Memo = memo });

    private async Task<IReadOnlyList<string>> StatesOfAsync(long run, string taskId)
    {
        await using var connection = await postgres.DataSource.OpenConnectionAsync();
        return (await connection.QueryAsync<string>(
            "select state_before || '>' || state_after from orchestration.event where run_id = @run and task_id = @taskId and kind = 'task_state' order by event_id",
            new { run, taskId })).AsList();
    }
}
