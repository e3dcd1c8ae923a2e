using EcomWorkflows.Orchestration.Execution;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EcomWorkflows.Orchestration.Scheduling;

/// <summary>
/// Creates the scheduled runs that are due, of all DAGs, a batch per transaction; a look that comes twice, late, or on two nodes at once creates each run once.
/// </summary>
public sealed class DagTicker(NpgsqlDataSource database, DagStore dags, RunStore runs, TimeProvider time, ILogger<DagTicker> logger) : ISweepStep
{
    private const string Actor = "scheduler";
    private const int BatchSize = 200;

    /// <summary>Wait before a DAG whose run could not be made is looked at again; a new version is looked at at once.</summary>
    private static readonly TimeSpan ProblemWait = TimeSpan.FromMinutes(1);

    /// <returns>How many runs were created.</returns>
    public async Task<int> TickAsync(CancellationToken cancellationToken)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var created = 0;
        while (true)
        {
            var (looked, made) = await TickBatchAsync(seen, cancellationToken);
            created += made;
            if (looked < BatchSize)
                return created;
        }
    }

    async Task ISweepStep.SweepAsync(CancellationToken cancellationToken) => await TickAsync(cancellationToken);

    private async Task<(int Looked, int Created)> TickBatchAsync(HashSet<string> seen, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var now = time.GetUtcNow();
        var due = await ScheduleStore.LockDueAsync(transaction, now, seen, BatchSize, cancellationToken);
        if (due.Count == 0)
            return (0, 0);
        var outcomes = new List<DueDagOutcome>(due.Count);
        var requests = new List<RunRequest>();
        foreach (var dag in due)
        {
            seen.Add(dag.DagId);
            var (outcome, slots) = await LookAsync(dag, now, cancellationToken);
            outcomes.Add(outcome);
            requests.AddRange(slots.Select(s => new RunRequest(dag.DagId, "scheduled", s.Start, s.Start, s.End, Params: null, Actor)));
        }
        var created = requests.Count == 0 ? [] : await runs.CreateAsync(transaction, requests, cancellationToken);
        await ScheduleStore.WriteAsync(transaction, outcomes, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        var made = created.Count(c => c.IsNew);
        if (made > 0)
            logger.LogInformation("Created {Count} scheduled runs of {Dags} DAGs", made, requests.Select(r => r.DagId).Distinct().Count());
        return (due.Count, made);
    }

    private async Task<(DueDagOutcome Outcome, IReadOnlyList<DataInterval> Slots)> LookAsync(DueDag due, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            var dag = (await dags.GraphAsync(due.DagId, due.CurrentVersion, cancellationToken)).Dag;
            if (DagSchedule.Create(dag.Settings) is not { } schedule)
                return (new DueDagOutcome(due.DagId, null, null), []);
            var decision = DueRuns.Decide(schedule, dag.Settings, due.Cursor, now, Math.Max(0, dag.Settings.MaxActiveRuns - due.ActiveRuns));
            if (decision.Slots.Count > 0 && ParamRules.Resolve(dag.Params, null).Problems is { Count: > 0 } problems)
                throw new OrchestrationException($"its runs need parameters without a default ({string.Join("; ", problems)}); give them defaults");
            return (new DueDagOutcome(due.DagId, decision.Slots.Count > 0 ? decision.Slots[^1] : null, decision.NextDue), decision.Slots);
        }
        catch (OrchestrationException problem)
        {
            logger.LogError("DAG {DagId} cannot be run by its schedule: {Problem}", due.DagId, problem.Message);
            return (new DueDagOutcome(due.DagId, null, now + ProblemWait, problem.Message), []);
        }
    }
}
