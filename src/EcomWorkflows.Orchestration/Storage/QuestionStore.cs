using System.Text.Json;
using Dapper;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Tasks;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Questions tasks ask people, and the answers.</summary>
public sealed class QuestionStore(NpgsqlDataSource database, TimeProvider time)
{
    private const string CommandLinePrefix = "cli:";

    private const string Columns =
        """
        q.question_id, q.attempt_id, t.run_id, t.dag_id, r.run_key, t.task_id, t.map_index, q.subject, q.body, q.options, q.assignees, q.asked_at,
        case when q.closed_at is null then t.not_before end as until, q.answered_at, q.answered_by, q.answer, q.comment, q.closed_at
        """;

    private const string Tables =
        """
        from orchestration.question q
        join orchestration.task_instance t on t.task_instance_id = q.task_instance_id
        join orchestration.dag_run r on r.run_id = t.run_id
        """;

    /// <summary>Questions, newest first.</summary>
    /// <param name="onlyOpen">Leaves out those that are answered, timed out or withdrawn.</param>
    public async Task<IReadOnlyList<QuestionInfo>> ListAsync(string? dagId, long? runId, bool onlyOpen, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<QuestionInfo>(new CommandDefinition(
            $"""
            select {Columns}
            {Tables}
            where (@dagId::text is null or t.dag_id = @dagId)
              and (@runId::bigint is null or t.run_id = @runId)
              and (not @onlyOpen or q.closed_at is null)
            order by q.question_id desc
            limit @limit
            """,
            new { dagId, runId, onlyOpen, limit }, cancellationToken: cancellationToken))).AsList();
    }

    /// <summary>Answers the open question of a task instance; the task goes on with the answer.</summary>
    /// <exception cref="NotFoundException">The task asks nothing now.</exception>
    /// <exception cref="OrchestrationException">The option is none of those asked, or <paramref name="actor"/> is not among the assignees.</exception>
    public async Task<QuestionInfo> AnswerAsync(
        long runId, string taskId, int mapIndex, string option, string? comment, string actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var runs = await Transitions.LockRunsAsync(transaction, [runId], cancellationToken);
        var question = await connection.QuerySingleOrDefaultAsync<QuestionInfo>(new CommandDefinition(
            $"""
            select {Columns}
            {Tables}
            where t.run_id = @runId
              and t.task_id = @taskId
              and t.map_index = @mapIndex
              and t.state = 'awaiting_input'
              and q.attempt_id = t.attempt_id
              and q.closed_at is null
            for update of t, q
            """,
            new { runId, taskId, mapIndex }, transaction, cancellationToken: cancellationToken))
            ?? throw new NotFoundException($"Task '{taskId}' of run {runId} asks nothing now: it has not come that far, was answered before, or its time is over.");
        if (!question.Options.Contains(option, StringComparer.Ordinal))
            throw new OrchestrationException($"'{option}' is no answer to '{question.Subject}'; allowed: {string.Join(", ", question.Options)}.");
        // At the command line the person is the account of the machine.
        var person = actor.StartsWith(CommandLinePrefix, StringComparison.Ordinal) ? actor[CommandLinePrefix.Length..] : actor;
        if (question.Assignees.Length > 0 && !question.Assignees.Contains(person, StringComparer.Ordinal))
            throw new OrchestrationException($"{actor} may not answer '{question.Subject}'; it was asked of: {string.Join(", ", question.Assignees)}.");
        var answer = new TaskAnswer(option, actor, comment, time.GetUtcNow());
        await WriteAsync(transaction, question, answer, cancellationToken);
        var row = await connection.QuerySingleAsync<InstanceRow>(new CommandDefinition(
            "select task_instance_id, run_id, task_id, state, attempt_id from orchestration.task_instance where run_id = @runId and task_id = @taskId and map_index = @mapIndex",
            new { runId, taskId, mapIndex }, transaction, cancellationToken: cancellationToken));
        await EventLog.WriteAsync(
            transaction,
            [new EventRow("answer", actor)
            {
                DagId = question.DagId, RunId = runId, TaskInstanceId = row.TaskInstanceId, AttemptId = question.AttemptId, TaskId = taskId,
                Details = JsonSerializer.Serialize(new { question.Subject, answer.Option, answer.Comment }, TaskJson.Options),
            }],
            cancellationToken);
        await Transitions.QueueAsync(transaction, runs, [row], actor, cancellationToken);
        await Notifications.RunsChangedAsync(transaction, [runId], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return question with { Answer = option, AnsweredBy = actor, Comment = comment, AnsweredAt = answer.At, ClosedAt = answer.At };
    }

    /// <summary>Records what attempts ask, in the transaction that makes them wait.</summary>
    internal static void Ask(Change change, IEnumerable<SettledInstance> settled)
    {
        foreach (var one in settled.Where(s => s.State == TaskState.AwaitingInput))
        {
            var question = one.Outcome.Wait!.Question!;
            change.Send(
                """
                insert into orchestration.question (attempt_id, task_instance_id, subject, body, options, assignees)
                values (@AttemptId, @TaskInstanceId, @Subject, @Body, @Options, @Assignees)
                """,
                new
                {
                    one.Outcome.AttemptId, one.Row.TaskInstanceId, question.Subject, question.Body, Options = question.Options.ToArray(),
                    Assignees = question.Assignees.ToArray(),
                });
        }
    }

    /// <summary>Closes the questions of attempts that go on, or ended, without an answer.</summary>
    internal static Task WithdrawAsync(NpgsqlTransaction transaction, long[] attemptIds, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "update orchestration.question set closed_at = clock_timestamp() where attempt_id = any(@attemptIds) and closed_at is null",
            new { attemptIds }, transaction, cancellationToken: cancellationToken));

    private static Task WriteAsync(NpgsqlTransaction transaction, QuestionInfo question, TaskAnswer answer, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            with answered as (
              update orchestration.question
              set answer = @Option, answered_by = @By, comment = @Comment, answered_at = @At, closed_at = @At
              where question_id = @QuestionId
            )
            update orchestration.task_attempt
            set answer = @json::jsonb
            where attempt_id = @AttemptId
            """,
            new { answer.Option, answer.By, answer.Comment, answer.At, question.QuestionId, question.AttemptId, json = JsonSerializer.Serialize(answer, TaskJson.Options) },
            transaction, cancellationToken: cancellationToken));
}
