using Dapper;
using EcomWorkflows.Orchestration.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EcomWorkflows.Orchestration.Scheduling;

/// <summary>Creates the scheduled runs that are due; a tick that comes twice, late, or on two nodes at once creates each run once.</summary>
public sealed class DagTicker(NpgsqlDataSource database, DagStore dags, RunStore runs, TimeProvider time, ILogger<DagTicker> logger)
{
    /// <returns>How many runs were created.</returns>
    public async Task<int> TickAsync(string dagId, CancellationToken cancellationToken)
    {
        var dag = await dags.GetAsync(dagId, cancellationToken);
        if (dag.IsPaused || !dag.IsActive)
            return 0;
        var settings = (await dags.GraphAsync(dagId, dag.CurrentVersion, cancellationToken)).Dag.Settings;
        if (DagSchedule.Create(settings) is not { } schedule)
            return 0;
        var (importedAt, lastLogicalDate) = await ReadAsync(dagId, cancellationToken);
        var created = 0;
        foreach (var due in DueRuns.Decide(schedule, settings.Catchup, settings.StartDate, settings.EndDate, importedAt, lastLogicalDate, time.GetUtcNow()))
        {
            var run = await runs.CreateAsync(new RunRequest(dagId, "scheduled", due.Start, due.Start, due.End, Params: null, Actor: "scheduler"), cancellationToken);
            if (!run.IsNew)
                continue;
            created++;
            logger.LogInformation("Created scheduled run {RunKey} of {DagId}", run.RunKey, dagId);
        }
        return created;
    }

    private async Task<(DateTimeOffset ImportedAt, DateTimeOffset? LastLogicalDate)> ReadAsync(string dagId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var (importedAt, last) = await connection.QuerySingleAsync<(DateTime, DateTime?)>(new CommandDefinition(
            """
            select d.created_at, (select max(r.logical_date) from orchestration.dag_run r where r.dag_id = d.dag_id and r.run_type = 'scheduled')
            from orchestration.dag d
            where d.dag_id = @dagId
            """,
            new { dagId }, cancellationToken: cancellationToken));
        return (new DateTimeOffset(importedAt), last is { } at ? new DateTimeOffset(at) : null);
    }
}
