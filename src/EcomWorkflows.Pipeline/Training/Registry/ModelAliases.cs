using System.Text.RegularExpressions;
using Dapper;
using EcomWorkflows.Orchestration;
using Npgsql;

namespace EcomWorkflows.Pipeline.Training.Registry;

/// <summary>Aliases of model versions: who stands for what, and the append-only history of their moves.</summary>
public sealed partial class ModelAliases(NpgsqlDataSource database, PipelineOptions options, TimeProvider time)
{
    /// <summary>All aliases of one model or of all.</summary>
    public async Task<IReadOnlyList<ModelAlias>> ListAsync(string? name, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        return await ListAsync(connection, null, name, cancellationToken);
    }

    /// <summary>Moves, proposals and refusals of a model, the newest first.</summary>
    public async Task<IReadOnlyList<AliasEvent>> EventsAsync(string name, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        return await EventsAsync(connection, null, name, cancellationToken);
    }

    /// <summary>Moves an alias to a version in one transaction; scoring that has begun keeps the version it has loaded, the next one takes the new.</summary>
    /// <param name="force">Also where the gates refused the version, or never saw it.</param>
    /// <exception cref="NotFoundException">There is no such model or version.</exception>
    /// <exception cref="ModelRegistryException">The alias cannot be one, the gates refused the version, or the alias stands for it already.</exception>
    public async Task<AliasEvent> PromoteAsync(
        string name, int version, string alias, string actor, string? comment, bool force, CancellationToken cancellationToken, long? attemptId = null)
    {
        if (!AliasName().IsMatch(alias))
            throw new ModelRegistryException($"'{alias}' cannot be an alias: a small letter, then small letters, digits, - or _, at most 63 in all, and not v with a number, which means a version.");
        return await InTransactionAsync(name, async (connection, transaction) =>
        {
            await RequireVersionAsync(connection, transaction, name, version, cancellationToken);
            int? from = await CurrentAsync(connection, transaction, name, alias, cancellationToken);
            if (from == version)
                throw new ModelRegistryException($"{name} v{version} is the {alias} already.");
            IReadOnlyList<AliasEvent> events = await EventsAsync(connection, transaction, name, cancellationToken);
            // What nobody did is what the gates decided. A move by hand is no judgement, though it may have been forced.
            AliasEvent? judged = events.FirstOrDefault(one => one.ToVersion == version && one.Actor is null);
            if (!force && judged is null or { Kind: "refusal" })
            {
                throw new ModelRegistryException(
                    judged is null
                        ? $"The gates have never judged {name} v{version}. Promote it all the same with force."
                        : $"The gates refused {name} v{version}: {judged.Reason} Promote it all the same with force.");
            }

            string reason = $"{(force && judged is null or { Kind: "refusal" } ? "Promoted against the gates" : "Promoted")} by {actor}{(string.IsNullOrWhiteSpace(comment) ? "" : $": {comment}")}";
            var promotion = new AliasEvent(name, alias, from, version, "promotion", reason, judged?.Evidence ?? "{}", actor, attemptId, time.GetUtcNow());
            await ApplyAsync(connection, transaction, promotion, cancellationToken);
            return promotion;
        }, cancellationToken);
    }

    /// <summary>Gives an alias back to the version it stood for before its last promotion.</summary>
    /// <exception cref="NotFoundException">There is no such model, or the alias stands for nothing.</exception>
    /// <exception cref="ModelRegistryException">There is no version to go back to.</exception>
    public async Task<AliasEvent> RollbackAsync(string name, string alias, string actor, string? comment, CancellationToken cancellationToken)
    {
        return await InTransactionAsync(name, async (connection, transaction) =>
        {
            int current = await CurrentAsync(connection, transaction, name, alias, cancellationToken)
                ?? throw new NotFoundException($"The alias {alias} of {name} stands for no version, so there is nothing to roll back.");
            IReadOnlyList<AliasEvent> events = await EventsAsync(connection, transaction, name, cancellationToken);
            int? before = events.FirstOrDefault(one => one.Alias == alias && one.Kind == "promotion" && one.ToVersion == current)?.FromVersion;
            if (before is not { } target)
                throw new ModelRegistryException($"{name} v{current} is the first {alias}; there is none before it to go back to.");
            var rollback = new AliasEvent(
                name, alias, current, target, "rollback", $"Rolled back by {actor}{(string.IsNullOrWhiteSpace(comment) ? "" : $": {comment}")}", "{}", actor, null, time.GetUtcNow());
            await ApplyAsync(connection, transaction, rollback, cancellationToken);
            return rollback;
        }, cancellationToken);
    }

    /// <summary>Writes an event and moves the alias it is about; a version that becomes champion is no challenger any more.</summary>
    internal static async Task ApplyAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, AliasEvent happened, CancellationToken cancellationToken)
    {
        if (happened.Kind is "promotion" or "rollback" || happened.FromVersion != happened.ToVersion)
        {
            await connection.ExecuteAsync(new CommandDefinition(
                """
                delete from registry.model_alias
                where name = @Name
                  and alias = @Challenger
                  and version = @ToVersion
                  and @Alias = @Champion;

                insert into registry.model_alias (name, alias, version, set_at)
                values (@Name, @Alias, @ToVersion, @At)
                on conflict (name, alias) do update
                set version = excluded.version,
                  set_at = excluded.set_at;
                """,
                new { happened.Name, ModelRegistry.Champion, ModelRegistry.Challenger, happened.Alias, happened.ToVersion, happened.At }, transaction, cancellationToken: cancellationToken));
            await ModelNotifications.AliasMovedAsync(connection, transaction, happened.Name, cancellationToken);
        }

        await AppendAsync(connection, transaction, happened, cancellationToken);
    }

    /// <summary>Repeats the aliases of a model in its folder, in the transaction that moves one: a folder that cannot be written to (its disk is full) keeps them where they are.</summary>
    internal static async Task RepeatAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, PipelineOptions options, string name, CancellationToken cancellationToken)
    {
        IReadOnlyList<ModelAlias> aliases = await ListAsync(connection, transaction, name, cancellationToken);
        IReadOnlyList<AliasEvent> events = await EventsAsync(connection, transaction, name, cancellationToken);
        ModelFolders.Repeat(options, name, aliases.ToDictionary(one => one.Alias, one => one.Version), [.. events.Reverse()]);
    }

    internal static Task AppendAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, AliasEvent happened, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            """
            insert into registry.model_alias_event (name, alias, from_version, to_version, kind, moved, reason, evidence, actor, attempt_id, at)
            values (@Name, @Alias, @FromVersion, @ToVersion, @Kind, @moved, @Reason, @Evidence::jsonb, @Actor, @AttemptId, @At)
            """,
            new
            {
                happened.Name,
                happened.Alias,
                happened.FromVersion,
                happened.ToVersion,
                happened.Kind,
                moved = happened.Kind is "promotion" or "rollback",
                happened.Reason,
                happened.Evidence,
                happened.Actor,
                happened.AttemptId,
                happened.At,
            },
            transaction, cancellationToken: cancellationToken));

    private async Task<AliasEvent> InTransactionAsync(
        string name, Func<NpgsqlConnection, NpgsqlTransaction, Task<AliasEvent>> move, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Whoever moves an alias or registers a version holds the model's row: decisions are made one after the other.
        string? found = await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            """
            select name
            from registry.model
            where name = @name
            for update
            """,
            new { name }, transaction, cancellationToken: cancellationToken));
        if (found is null)
            throw new NotFoundException($"There is no model '{name}'. ./ecom models list shows what there is.");
        AliasEvent moved = await move(connection, transaction);
        await RepeatAsync(connection, transaction, options, name, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return moved;
    }

    private static async Task RequireVersionAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string name, int version, CancellationToken cancellationToken)
    {
        int[] versions = [.. await connection.QueryAsync<int>(new CommandDefinition(
            """
            select version
            from registry.model_version
            where name = @name
            order by version
            """,
            new { name }, transaction, cancellationToken: cancellationToken))];
        if (!versions.Contains(version))
            throw new NotFoundException($"{name} has no version {version}; it has {string.Join(", ", versions.Select(number => $"v{number}"))}.");
    }

    private static Task<int?> CurrentAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string name, string alias, CancellationToken cancellationToken) =>
        connection.ExecuteScalarAsync<int?>(new CommandDefinition(
            """
            select version
            from registry.model_alias
            where name = @name
              and alias = @alias
            """,
            new { name, alias }, transaction, cancellationToken: cancellationToken));

    private static async Task<IReadOnlyList<ModelAlias>> ListAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, string? name, CancellationToken cancellationToken)
    {
        IEnumerable<(string Name, string Alias, int Version, DateTime SetAt)> rows = await connection.QueryAsync<(string, string, int, DateTime)>(new CommandDefinition(
            """
            select name, alias, version, set_at
            from registry.model_alias
            where @name::text is null or name = @name
            order by name, alias
            """,
            new { name }, transaction, cancellationToken: cancellationToken));
        return [.. rows.Select(row => new ModelAlias(row.Name, row.Alias, row.Version, row.SetAt))];
    }

    private static async Task<IReadOnlyList<AliasEvent>> EventsAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, string name, CancellationToken cancellationToken)
    {
        IEnumerable<AliasEventRow> rows = await connection.QueryAsync<AliasEventRow>(new CommandDefinition(
            """
            select name, alias, from_version, to_version, kind, reason, evidence::text as evidence, actor, attempt_id, at
            from registry.model_alias_event
            where name = @name
            order by id desc
            """,
            new { name }, transaction, cancellationToken: cancellationToken));
        return [.. rows.Select(row => new AliasEvent(row.Name, row.Alias, row.FromVersion, row.ToVersion, row.Kind, row.Reason, row.Evidence, row.Actor, row.AttemptId, row.At))];
    }

    [GeneratedRegex("^(?!v[0-9]+$)[a-z][a-z0-9_-]{0,62}$")]
    private static partial Regex AliasName();

    private sealed class AliasEventRow
    {
        public required string Name { get; init; }

        public required string Alias { get; init; }

        public int? FromVersion { get; init; }

        public required int ToVersion { get; init; }

        public required string Kind { get; init; }

        public required string Reason { get; init; }

        public required string Evidence { get; init; }

        public string? Actor { get; init; }

        public long? AttemptId { get; init; }

        public required DateTime At { get; init; }
    }
}
