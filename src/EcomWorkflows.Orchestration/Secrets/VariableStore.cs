using Dapper;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Execution;
using EcomWorkflows.Orchestration.Storage;
using Npgsql;

namespace EcomWorkflows.Orchestration.Secrets;

/// <summary>Variables: named values DAGs read with <c>{{ var.name }}</c>.</summary>
public sealed class VariableStore(NpgsqlDataSource database, SecretBox box, SecretMasker masker)
{
    /// <summary>Sets a variable, new or not.</summary>
    /// <param name="isSecret">A secret is stored encrypted and never shown again.</param>
    /// <exception cref="OrchestrationException">The name is not allowed.</exception>
    public async Task SetAsync(string name, string value, bool isSecret, string? description, string actor, CancellationToken cancellationToken)
    {
        if (!DagValidator.IsId(name))
            throw new OrchestrationException($"'{name}' cannot be a variable's name. Use {DagValidator.AllowedId}.");
        if (isSecret)
            masker.Add(value);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into orchestration.variable (name, value, secret, description, updated_by)
            values (@name, @plain, @sealed, coalesce(@description, ''), @actor)
            on conflict (name) do update
            set value = excluded.value, secret = excluded.secret, description = coalesce(@description, variable.description), updated_at = now(), updated_by = @actor
            """,
            new { name, plain = isSecret ? null : value, @sealed = isSecret ? box.Seal(value, Place(name)) : null, description, actor },
            transaction, cancellationToken: cancellationToken));
        await EventLog.WriteAsync(transaction, [new EventRow("variable_set", actor) { Details = Named(name) }], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <returns>False when there was none.</returns>
    public async Task<bool> DeleteAsync(string name, string actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await connection.ExecuteAsync(new CommandDefinition(
            "delete from orchestration.variable where name = @name", new { name }, transaction, cancellationToken: cancellationToken)) == 0)
        {
            return false;
        }
        await EventLog.WriteAsync(transaction, [new EventRow("variable_deleted", actor) { Details = Named(name) }], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    public async Task<IReadOnlyList<VariableInfo>> ListAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return [.. (await connection.QueryAsync<Row>(new CommandDefinition(
            "select name, value, secret, description, updated_at, updated_by from orchestration.variable order by name", cancellationToken: cancellationToken)))
            .Select(row => new VariableInfo(row.Name, row.Value, row.Secret is not null, row.Description, row.UpdatedAt, row.UpdatedBy))];
    }

    /// <exception cref="NotFoundException">There is no such variable.</exception>
    public async Task<VariableInfo> GetAsync(string name, CancellationToken cancellationToken)
    {
        var all = await ListAsync(cancellationToken);
        return all.FirstOrDefault(v => v.Name == name)
            ?? throw new NotFoundException($"There is no variable '{name}'.{Suggestion.For(name, all.Select(v => v.Name))}");
    }

    /// <summary>The values of those named that exist, secrets opened; from now on they are masked in every log.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ReadAsync(IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        if (names.Count == 0)
            return new Dictionary<string, string>();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            "select name, value, secret, description, updated_at, updated_by from orchestration.variable where name = any(@names)",
            new { names = names.ToArray() }, cancellationToken: cancellationToken));
        return rows.ToDictionary(r => r.Name, Open, StringComparer.Ordinal);
    }

    /// <summary>Makes the masker know every secret, before a process is started whose output is logged here.</summary>
    internal async Task LearnAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        foreach (var row in await connection.QueryAsync<Row>(new CommandDefinition(
            "select name, value, secret, description, updated_at, updated_by from orchestration.variable where secret is not null", cancellationToken: cancellationToken)))
        {
            TryLearn(row);
        }
    }

    private string Open(Row row)
    {
        if (row.Secret is null)
            return row.Value!;
        var secret = box.Open(row.Secret, Place(row.Name));
        masker.Add(secret);
        return secret;
    }

    private void TryLearn(Row row)
    {
        try
        {
            Open(row);
        }
        catch (SecretException)
        {
            // What this program cannot open, its child cannot either, so it cannot show up.
        }
    }

    private static string Place(string name) => $"variable:{name}";

    private static string Named(string name) => System.Text.Json.JsonSerializer.Serialize(new { name });

    private sealed record Row
    {
        public string Name { get; init; } = "";

        public string? Value { get; init; }

        public byte[]? Secret { get; init; }

        public string Description { get; init; } = "";

        public DateTimeOffset UpdatedAt { get; init; }

        public string UpdatedBy { get; init; } = "";
    }
}
