using System.Text.Json;
using Dapper;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Tasks;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Pools: named numbers of slots that bound what runs at once.</summary>
public sealed class PoolStore(NpgsqlDataSource database, DagStore dags)
{
    public const int MaxSlots = 1_000_000;

    private const string Select =
        """
        select p.name, p.slots, p.description,
               coalesce(sum(t.pool_slots) filter (where t.state = 'running'), 0)::int as running_slots,
               coalesce(sum(t.pool_slots) filter (where t.state = 'queued'), 0)::int as queued_slots
        from orchestration.pool p
        left join orchestration.task_instance t on t.pool = p.name and t.state in ('queued', 'running')
        where @name::text is null or p.name = @name
        group by p.name
        order by p.name
        """;

    public async Task<IReadOnlyList<PoolInfo>> ListAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<PoolInfo>(new CommandDefinition(Select, new { name = (string?)null }, cancellationToken: cancellationToken))).AsList();
    }

    /// <exception cref="NotFoundException">There is no such pool.</exception>
    public async Task<PoolInfo> GetAsync(string name, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<PoolInfo>(new CommandDefinition(Select, new { name }, cancellationToken: cancellationToken)) ?? throw await UnknownAsync(name, cancellationToken);
    }

    /// <summary>Makes a pool, or changes the one of that name. A smaller pool lets what runs finish.</summary>
    /// <param name="description">Null keeps the one there is.</param>
    /// <returns>Whether the pool is new.</returns>
    /// <exception cref="OrchestrationException">The name or the number of slots cannot be.</exception>
    public async Task<bool> SetAsync(string name, int slots, string? description, string actor, CancellationToken cancellationToken)
    {
        if (!DagValidator.IsId(name))
            throw new OrchestrationException($"'{name}' cannot be a pool's name. Use {DagValidator.AllowedId}.");
        if (slots is < 0 or > MaxSlots)
            throw new OrchestrationException($"A pool cannot have {slots} slots. Use 0 (nothing of it starts) to {MaxSlots}.");
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var before = await connection.ExecuteScalarAsync<int?>(new CommandDefinition(
            "select slots from orchestration.pool where name = @name for update", new { name }, transaction, cancellationToken: cancellationToken));
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into orchestration.pool (name, slots, description)
            values (@name, @slots, coalesce(@description, ''))
            on conflict (name) do update
            set slots = @slots, description = coalesce(@description, pool.description)
            """,
            new { name, slots, description }, transaction, cancellationToken: cancellationToken));
        var change = new Change(transaction);
        Log(change, actor, name, before, slots);
        change.QueueChanged();
        await change.CommitAsync(cancellationToken);
        return before is null;
    }

    /// <summary>Removes a pool; tasks that ask for it wait until there is one of that name again.</summary>
    /// <exception cref="NotFoundException">There is no such pool.</exception>
    /// <exception cref="OrchestrationException">It is the default pool.</exception>
    public async Task DeleteAsync(string name, string actor, CancellationToken cancellationToken)
    {
        if (name == TaskSettings.DefaultPool)
            throw new OrchestrationException($"The pool {name} cannot be deleted: every task that names no other uses it. Its slots can be set to 0.");
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var slots = await connection.ExecuteScalarAsync<int?>(new CommandDefinition(
            "delete from orchestration.pool where name = @name returning slots", new { name }, transaction, cancellationToken: cancellationToken));
        if (slots is null)
            throw await UnknownAsync(name, cancellationToken);
        var change = new Change(transaction);
        Log(change, actor, name, slots, null);
        await change.CommitAsync(cancellationToken);
    }

    /// <summary>Tasks of active DAGs that can never start with the pools there are now.</summary>
    public async Task<IReadOnlyList<DagWarning>> WarningsAsync(string? dagId, CancellationToken cancellationToken)
    {
        var pools = (await ListAsync(cancellationToken)).ToDictionary(p => p.Name, p => p.Slots, StringComparer.Ordinal);
        var warnings = new List<DagWarning>();
        foreach (var dag in (await dags.ListAsync(cancellationToken)).Where(d => d.IsActive && (dagId is null || d.DagId == dagId)))
            warnings.AddRange(PoolWarnings.Of((await dags.GraphAsync(dag.DagId, dag.CurrentVersion, cancellationToken)).Dag, pools));
        return warnings;
    }

    private static void Log(Change change, string actor, string name, int? before, int? after) => change.Log(new EventRow("pool", actor)
    {
        Before = before?.ToString(),
        After = after?.ToString(),
        Details = JsonSerializer.Serialize(new { pool = name }, TaskJson.Options),
    });

    private async Task<NotFoundException> UnknownAsync(string name, CancellationToken cancellationToken) =>
        new($"There is no pool '{name}'; there are: {string.Join(", ", (await ListAsync(cancellationToken)).Select(p => p.Name))}.");
}
