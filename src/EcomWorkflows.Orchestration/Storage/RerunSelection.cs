using Dapper;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Finds and locks what a rerun request is about.</summary>
internal static class RerunSelection
{
    private const string Columns = "r.run_id, r.run_key, r.dag_id, r.logical_date, r.generation, d.current_version";

    /// <summary>The runs, locked, lowest id first as everywhere.</summary>
    /// <exception cref="NotFoundException">There is no such run or DAG.</exception>
    /// <exception cref="StaleGenerationException">The run is at another generation than the request says.</exception>
    /// <exception cref="OrchestrationException">Too many runs, or none said.</exception>
    public static async Task<IReadOnlyList<SelectedRun>> RunsAsync(NpgsqlTransaction transaction, RerunRequest request, CancellationToken cancellationToken)
    {
        var runs = request.RunId is { } runId
            ? await AroundAsync(transaction, runId, request, cancellationToken)
            : await WindowAsync(transaction, request, cancellationToken);
        if (runs.Count > RerunStore.MaxRuns)
            throw new OrchestrationException($"The request is about more than {RerunStore.MaxRuns} runs. Narrow it to a smaller window.");
        if (request.Generation is { } generation && runs.FirstOrDefault(r => r.RunId == request.RunId) is { } named && named.Generation != generation)
            throw new StaleGenerationException(named.RunId, generation, named.Generation);
        return runs;
    }

    /// <summary>DAGs that are scheduled on what the tasks write.</summary>
    public static async Task<IReadOnlyList<AssetConsumer>> ConsumersAsync(NpgsqlTransaction transaction, string dagId, string[] tasks, CancellationToken cancellationToken) =>
        (await transaction.Connection!.QueryAsync<AssetConsumer>(new CommandDefinition(
            """
            select distinct written.task_id, written.asset, waiting.dag_id
            from orchestration.dag_asset written
            join orchestration.dag_asset waiting on waiting.asset = written.asset and waiting.role = 'schedule'
            where written.dag_id = @dagId
              and written.role = 'outlet'
              and written.task_id = any(@tasks)
            order by written.task_id, written.asset, waiting.dag_id
            """,
            new { dagId, tasks }, transaction, cancellationToken: cancellationToken))).AsList();

    private static async Task<IReadOnlyList<SelectedRun>> AroundAsync(NpgsqlTransaction transaction, long runId, RerunRequest request, CancellationToken cancellationToken)
    {
        var runs = (await transaction.Connection!.QueryAsync<SelectedRun>(new CommandDefinition(
            $"""
            select {Columns}
            from orchestration.dag_run named
            join orchestration.dag_run r on r.dag_id = named.dag_id
            join orchestration.dag d on d.dag_id = r.dag_id
            where named.run_id = @runId
              and (r.run_id = @runId
                   or @Past and r.logical_date < named.logical_date
                   or @Future and r.logical_date > named.logical_date)
            order by r.run_id
            limit @limit
            for update of r
            """,
            new { runId, request.Past, request.Future, limit = RerunStore.MaxRuns + 1 }, transaction, cancellationToken: cancellationToken))).AsList();
        return runs.Count > 0 ? runs : throw new NotFoundException($"There is no run {runId}.");
    }

    private static async Task<IReadOnlyList<SelectedRun>> WindowAsync(NpgsqlTransaction transaction, RerunRequest request, CancellationToken cancellationToken)
    {
        if (request.DagId is null || request is { From: null, To: null })
            throw new OrchestrationException("Name a run, or a DAG and a window of logical dates (from, to, or both).");
        if (request is { From: { } from, To: { } to } && from > to)
            throw new OrchestrationException($"The window ends ({to.UtcDateTime:u}) before it begins ({from.UtcDateTime:u}).");
        if (!await transaction.Connection!.ExecuteScalarAsync<bool>(new CommandDefinition(
            "select exists (select from orchestration.dag where dag_id = @DagId)", new { request.DagId }, transaction, cancellationToken: cancellationToken)))
            throw new NotFoundException($"There is no DAG '{request.DagId}'.");
        return (await transaction.Connection!.QueryAsync<SelectedRun>(new CommandDefinition(
            $"""
            select {Columns}
            from orchestration.dag_run r
            join orchestration.dag d on d.dag_id = r.dag_id
            where r.dag_id = @DagId
              and (@From::timestamptz is null or r.logical_date >= @From)
              and (@To::timestamptz is null or r.logical_date <= @To)
            order by r.run_id
            limit @limit
            for update of r
            """,
            new { request.DagId, From = request.From?.UtcDateTime, To = request.To?.UtcDateTime, limit = RerunStore.MaxRuns + 1 },
            transaction, cancellationToken: cancellationToken))).AsList();
    }
}
