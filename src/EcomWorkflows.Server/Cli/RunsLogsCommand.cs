using System.CommandLine;
using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom runs logs RUN [TASK]</c>.</summary>
internal static class RunsLogsCommand
{
    private const int PageSize = 1000;

    private static readonly TimeSpan FollowInterval = TimeSpan.FromMilliseconds(500);

    public static Command Create()
    {
        var run = RunsCommand.Run();
        var task = new Argument<string?>("task") { Description = "Only this task, or one instance of a mapped task: score[3].", Arity = ArgumentArity.ZeroOrOne };
        var tryNumber = new Option<int?>("--try") { Description = "Only this try. Default: the newest of each task." };
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on until the run ends." };
        var command = new Command("logs", "What the tasks of a run have logged.") { run, task, tryNumber, follow };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            var info = await RunsCommand.FindAsync(session, parsed.GetRequiredValue(run), cancellationToken);
            var reader = new LogReading(session, parsed, info.RunId, parsed.GetValue(task), parsed.GetValue(tryNumber));
            await reader.CheckTaskAsync(cancellationToken);
            var time = session.Get<TimeProvider>();
            while (true)
            {
                // Asked before the rows are read: what is logged after it is read in the next round, and there is one.
                var ended = (await session.Get<RunReader>().GetAsync(info.RunId, cancellationToken)).State is not ("queued" or "running");
                await reader.WriteNewAsync(cancellationToken);
                if (ended || !parsed.GetValue(follow))
                    return ExitCode.Done;

                await Task.Delay(FollowInterval, time, cancellationToken);
            }
        });
        return command;
    }

    /// <summary>The attempts to show: of each instance that one try, or its newest; tasks in their order, instances by index.</summary>
    /// <param name="attempts">Oldest first.</param>
    internal static IEnumerable<AttemptInfo> Chosen(IEnumerable<AttemptInfo> attempts, InstanceKey? instance, int? tryNumber) =>
        InstanceName.Ordered(
            attempts
                .Where(attempt => instance is not { } only || Key(attempt) == only)
                .Where(attempt => tryNumber is null || attempt.TryNumber == tryNumber)
                .GroupBy(attempt => attempt.TaskInstanceId)
                .Select(tries => tries.Last()),
            Key);

    private static InstanceKey Key(AttemptInfo attempt) => new(attempt.TaskId, attempt.MapIndex);

    private sealed class LogReading(CommandSession session, ParseResult parsed, long runId, string? word, int? tryNumber)
    {
        private readonly InstanceKey? instance = word is null ? null : InstanceName.Parse(word);
        private readonly Dictionary<long, long> lastRead = [];

        public async Task CheckTaskAsync(CancellationToken cancellationToken)
        {
            var tasks = await session.Get<RunReader>().TaskInstancesAsync(runId, cancellationToken);
            if (word is not null && tasks.All(task => task.TaskId != word && InstanceName.Of(task.TaskId, task.MapIndex) != word))
                throw new NotFoundException($"Run {runId} has no task '{word}'; its tasks are: {string.Join(", ", tasks.Select(task => task.TaskId).Distinct())}.");
        }

        public async Task WriteNewAsync(CancellationToken cancellationToken)
        {
            var attempts = await session.Get<RunReader>().AttemptsAsync(runId, instance?.TaskId ?? word, cancellationToken);
            foreach (var attempt in Chosen(attempts, instance, tryNumber))
                await WriteNewAsync(attempt, cancellationToken);
        }

        private async Task WriteNewAsync(AttemptInfo attempt, CancellationToken cancellationToken)
        {
            while (true)
            {
                var rows = await session.Get<LogStore>().ReadAsync(attempt.AttemptId, lastRead.GetValueOrDefault(attempt.AttemptId), PageSize, cancellationToken);
                foreach (var row in rows)
                    Write(attempt, row);
                if (rows.Count < PageSize)
                    return;
            }
        }

        private void Write(AttemptInfo attempt, LogInfo row)
        {
            lastRead[attempt.AttemptId] = row.LogId;
            if (parsed.GetValue(CommandOutput.Option) == OutputFormat.Json)
            {
                CommandOutput.WriteJson(new { attempt.TaskId, attempt.MapIndex, attempt.TryNumber, row.LoggedAt, row.Level, row.Message, row.Fields, row.Exception });
                return;
            }

            Console.WriteLine($"{CommandOutput.Show(row.LoggedAt)} {InstanceName.Of(attempt.TaskId, attempt.MapIndex)}#{attempt.TryNumber} {row.Level}: {row.Message}");
            if (row.Exception is not null)
                Console.WriteLine(row.Exception);
        }
    }
}
