using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dapper;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Execution;
using EcomWorkflows.Orchestration.Storage;
using Npgsql;

namespace EcomWorkflows.Orchestration.Secrets;

/// <summary>Connections: where other systems are and how to sign in there, by name; secrets are stored encrypted and never shown again.</summary>
public sealed partial class ConnectionStore(NpgsqlDataSource database, SecretBox box, SecretMasker masker)
{
    private const string Columns = "name, type, host, port, login, schema, extra::text as extra, secret_fields, secrets, description, updated_at, updated_by";

    /// <summary>Stores a connection, new or not.</summary>
    /// <exception cref="OrchestrationException">A field is not allowed; the message names it.</exception>
    public async Task SetAsync(ConnectionChange change, string actor, CancellationToken cancellationToken)
    {
        if (!DagValidator.IsId(change.Name))
            throw new OrchestrationException($"'{change.Name}' cannot be a connection's name. Use {DagValidator.AllowedId}.");
        if (!TypePattern().IsMatch(change.Type))
            throw new OrchestrationException($"'{change.Type}' cannot be a connection's type. Use lower-case letters, digits, '_' or '-', for example postgres, http, smtp.");
        if (change.Port is < 1 or > 65535)
            throw new OrchestrationException($"Port {change.Port} is out of range. Use 1 to 65535.");
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var stored = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"select {Columns} from orchestration.connection where name = @Name for update", new { change.Name }, transaction, cancellationToken: cancellationToken));
        var (extra, secrets) = Split(change, new Lazy<Dictionary<string, string>>(() => stored is null ? [] : Open(stored)));
        foreach (var secret in secrets.Values)
            masker.Add(secret);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into orchestration.connection (name, type, host, port, login, schema, extra, secret_fields, secrets, description, updated_by)
            values (@Name, @Type, @Host, @Port, @Login, @Schema, @extra::jsonb, @fields, @secrets, @Description, @actor)
            on conflict (name) do update
            set type = excluded.type, host = excluded.host, port = excluded.port, login = excluded.login, schema = excluded.schema, extra = excluded.extra,
                secret_fields = excluded.secret_fields, secrets = excluded.secrets, description = excluded.description, updated_at = now(), updated_by = excluded.updated_by
            """,
            new
            {
                change.Name, change.Type, change.Host, change.Port, change.Login, change.Schema, change.Description, actor,
                extra = extra.ToJsonString(),
                fields = secrets.Keys.Order(StringComparer.Ordinal).ToArray(),
                secrets = secrets.Count == 0 ? null : box.Seal(JsonSerializer.Serialize(secrets), Place(change.Name)),
            },
            transaction, cancellationToken: cancellationToken));
        await EventLog.WriteAsync(transaction, [new EventRow("connection_set", actor) { Details = Named(change.Name) }], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <returns>False when there was none.</returns>
    public async Task<bool> DeleteAsync(string name, string actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await connection.ExecuteAsync(new CommandDefinition(
            "delete from orchestration.connection where name = @name", new { name }, transaction, cancellationToken: cancellationToken)) == 0)
        {
            return false;
        }
        await EventLog.WriteAsync(transaction, [new EventRow("connection_deleted", actor) { Details = Named(name) }], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    public async Task<IReadOnlyList<StoredConnection>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await RowsAsync(null, cancellationToken)).Select(Info)];

    /// <exception cref="NotFoundException">There is no such connection.</exception>
    public async Task<StoredConnection> GetAsync(string name, CancellationToken cancellationToken)
    {
        var all = await ListAsync(cancellationToken);
        return all.FirstOrDefault(c => c.Name == name)
            ?? throw new NotFoundException($"There is no connection '{name}'.{Suggestion.For(name, all.Select(c => c.Name))} Make it with ./ecom connections set {name}.");
    }

    /// <summary>Those named that exist, with their secrets, which from now on are masked in every log.</summary>
    public async Task<IReadOnlyDictionary<string, Connection>> ReadAsync(IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        if (names.Count == 0)
            return new Dictionary<string, Connection>();
        return (await RowsAsync([.. names], cancellationToken)).ToDictionary(
            row => row.Name,
            row => new Connection(Info(row), Open(row)),
            StringComparer.Ordinal);
    }

    /// <summary>One connection with its secrets.</summary>
    /// <exception cref="NotFoundException">There is no such connection.</exception>
    public async Task<Connection> ReadAsync(string name, CancellationToken cancellationToken) =>
        (await ReadAsync([name], cancellationToken)).TryGetValue(name, out var connection)
            ? connection
            : throw new NotFoundException($"There is no connection '{name}'. Make it with ./ecom connections set {name}.");

    /// <summary>Makes the masker know every secret, before a process is started whose output is logged here.</summary>
    internal async Task LearnAsync(CancellationToken cancellationToken)
    {
        foreach (var row in await RowsAsync(null, cancellationToken))
            TryLearn(row);
    }

    private async Task<IEnumerable<Row>> RowsAsync(string[]? names, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QueryAsync<Row>(new CommandDefinition(
            $"select {Columns} from orchestration.connection where @names::text[] is null or name = any(@names) order by name",
            new { names }, cancellationToken: cancellationToken));
    }

    private Dictionary<string, string> Open(Row row)
    {
        if (row.Secrets is null)
            return [];
        var secrets = JsonSerializer.Deserialize<Dictionary<string, string>>(box.Open(row.Secrets, Place(row.Name)))!;
        foreach (var secret in secrets.Values)
            masker.Add(secret);
        return secrets;
    }

    /// <summary>Parts what may be shown from what must be sealed. What is stored is opened only where it is kept, so that one that cannot be opened can be set anew.</summary>
    private static (JsonObject Extra, Dictionary<string, string> Secrets) Split(ConnectionChange change, Lazy<Dictionary<string, string>> stored)
    {
        var secrets = new Dictionary<string, string>(StringComparer.Ordinal);
        if ((change.Password ?? stored.Value.GetValueOrDefault("password")) is { Length: > 0 } password)
            secrets["password"] = password;
        var extra = new JsonObject();
        foreach (var (name, value) in change.Extra ?? [])
        {
            var field = $"extra.{name}";
            if (!SecretName().IsMatch(name))
                extra[name] = value?.DeepClone();
            else if (Planning.TemplateFilters.AsText(value) is var text && text != SecretMasker.Mask)
                secrets[field] = text;
            else if (stored.Value.TryGetValue(field, out var kept))
                secrets[field] = kept;
        }
        return (extra, secrets);
    }

    private static StoredConnection Info(Row row) => new(
        row.Name, row.Type, row.Host, row.Port, row.Login, row.Schema, JsonNode.Parse(row.Extra)!.AsObject(), row.SecretFields,
        row.Description, row.UpdatedAt, row.UpdatedBy);

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

    private static string Place(string name) => $"connection:{name}";

    private static string Named(string name) => JsonSerializer.Serialize(new { name });

    [GeneratedRegex("password|passwd|secret|token|key|credential", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();

    [GeneratedRegex(@"^[a-z0-9_-]{1,50}\z")]
    private static partial Regex TypePattern();

    private sealed record Row
    {
        public string Name { get; init; } = "";

        public string Type { get; init; } = "";

        public string? Host { get; init; }

        public int? Port { get; init; }

        public string? Login { get; init; }

        public string? Schema { get; init; }

        public string Extra { get; init; } = "{}";

        public string[] SecretFields { get; init; } = [];

        public byte[]? Secrets { get; init; }

        public string Description { get; init; } = "";

        public DateTimeOffset UpdatedAt { get; init; }

        public string UpdatedBy { get; init; } = "";
    }
}
