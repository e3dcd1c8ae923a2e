using Dapper;
using EcomWorkflows.Orchestration.Storage;
using Npgsql;

namespace EcomWorkflows.Server.Access;

/// <summary>Accounts and their API keys. Every change is in the event log; no secret is.</summary>
internal sealed class AccountStore(NpgsqlDataSource database, Passwords passwords, TimeProvider time)
{
    private const string Columns =
        "account_id, name, role, password_hash is not null as has_password, stamp, is_active, locked_until, created_at, created_by, signed_in_at";

    public async Task<IReadOnlyList<Account>> ListAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<Account>(new CommandDefinition(
            $"select {Columns} from access.account order by lower(name)", cancellationToken: cancellationToken))).AsList();
    }

    public async Task<bool> AnyAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition("select exists (select from access.account)", cancellationToken: cancellationToken));
    }

    public async Task<Account?> FindAsync(long accountId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<Account>(new CommandDefinition(
            $"select {Columns} from access.account where account_id = @accountId", new { accountId }, cancellationToken: cancellationToken));
    }

    /// <param name="password">Null for an account that has API keys only.</param>
    /// <exception cref="AccessException">The name is taken or malformed, or the password too short.</exception>
    public async Task<Account> AddAsync(string name, Role role, string? password, string actor, CancellationToken cancellationToken)
    {
        if (password is not null && Passwords.Problem(password) is { } problem)
            throw new AccessException(problem);
        return await ChangeAsync(
            "account_added", actor, name, null, Wire(role),
            async (connection, transaction) =>
            {
                try
                {
                    return await connection.QuerySingleAsync<Account>(new CommandDefinition(
                        $"""
                        insert into access.account (name, role, password_hash, created_by)
                        values (@name, @role, @hash, @actor)
                        returning {Columns}
                        """,
                        new { name, role = Wire(role), hash = password is null ? null : passwords.Hash(name, password), actor }, transaction, cancellationToken: cancellationToken));
                }
                catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.UniqueViolation)
                {
                    throw new AccessException($"There already is an account '{name}'. Names differ in more than upper and lower case.");
                }
                catch (PostgresException malformed) when (malformed.SqlState == PostgresErrorCodes.CheckViolation)
                {
                    throw new AccessException($"'{name}' cannot be the name of an account. Use up to 100 letters, digits, '.', '_', '-' and '@', beginning with a letter or digit.");
                }
            },
            cancellationToken);
    }

    /// <exception cref="AccessException">There is no such account, or it is the last active admin.</exception>
    public Task SetRoleAsync(string name, Role role, string actor, CancellationToken cancellationToken) =>
        UpdateAsync("account_role", actor, name, Wire(role), "role = @role", new { name, role = Wire(role) }, leavesAdmin: role == Role.Admin, cancellationToken);

    /// <exception cref="AccessException">There is no such account, or it is the last active admin.</exception>
    public Task SetActiveAsync(string name, bool isActive, string actor, CancellationToken cancellationToken) =>
        UpdateAsync(
            isActive ? "account_enabled" : "account_disabled", actor, name, null, "is_active = @isActive, failed_sign_ins = 0, locked_until = null", new { name, isActive },
            leavesAdmin: isActive, cancellationToken);

    /// <exception cref="AccessException">There is no such account, or the password is too short.</exception>
    public Task SetPasswordAsync(string name, string password, string actor, CancellationToken cancellationToken)
    {
        if (Passwords.Problem(password) is { } problem)
            throw new AccessException(problem);
        return UpdateAsync(
            "account_password", actor, name, null, "password_hash = @hash, failed_sign_ins = 0, locked_until = null", new { name, hash = passwords.Hash(name, password) },
            leavesAdmin: true, cancellationToken);
    }

    /// <exception cref="AccessException">There is no such account, or it is the last active admin.</exception>
    public Task DeleteAsync(string name, string actor, CancellationToken cancellationToken) =>
        ChangeAsync(
            "account_deleted", actor, name, null, null,
            async (connection, transaction) =>
            {
                await LockAsync(connection, transaction, name, leavesAdmin: false, cancellationToken);
                return await connection.ExecuteAsync(new CommandDefinition(
                    "delete from access.account where lower(name) = lower(@name)", new { name }, transaction, cancellationToken: cancellationToken));
            },
            cancellationToken);

    /// <summary>Makes a key; its text is not kept and cannot be shown again.</summary>
    /// <param name="lifetime">Null: until it is revoked.</param>
    /// <exception cref="AccessException">There is no such account.</exception>
    public async Task<ApiKeyText> AddKeyAsync(string account, string purpose, TimeSpan? lifetime, string actor, CancellationToken cancellationToken)
    {
        var key = ApiKeyText.Create();
        await ChangeAsync(
            "api_key_added", actor, account, null, key.KeyId,
            async (connection, transaction) =>
            {
                var owner = await LockAsync(connection, transaction, account, leavesAdmin: true, cancellationToken);
                return await connection.ExecuteAsync(new CommandDefinition(
                    """
                    insert into access.api_key (key_id, account_id, purpose, secret_hash, created_by, expires_at)
                    values (@KeyId, @owner, @purpose, @Hash, @actor, @expires)
                    """,
                    new { key.KeyId, owner, purpose, key.Hash, actor, expires = lifetime is { } span ? time.GetUtcNow() + span : (DateTimeOffset?)null },
                    transaction, cancellationToken: cancellationToken));
            },
            cancellationToken);
        return key;
    }

    public async Task<IReadOnlyList<ApiKey>> KeysAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<ApiKey>(new CommandDefinition(
            """
            select k.key_id, a.name as account, k.purpose, k.created_at, k.created_by, k.expires_at, k.revoked_at
            from access.api_key k
            join access.account a using (account_id)
            order by lower(a.name), k.created_at
            """,
            cancellationToken: cancellationToken))).AsList();
    }

    /// <exception cref="AccessException">There is no such key, or it is revoked already.</exception>
    public Task RevokeKeyAsync(string keyId, string actor, CancellationToken cancellationToken) =>
        ChangeAsync(
            "api_key_revoked", actor, keyId, null, null,
            async (connection, transaction) => await connection.ExecuteAsync(new CommandDefinition(
                "update access.api_key set revoked_at = now() where key_id = @keyId and revoked_at is null", new { keyId }, transaction, cancellationToken: cancellationToken)) == 1
                ? 1
                : throw new AccessException($"There is no key '{keyId}' that is not revoked. ./ecom users keys list shows all."),
            cancellationToken);

    internal static string Wire(Role role) => role.ToString().ToLowerInvariant();

    private Task UpdateAsync(
        string kind, string actor, string name, string? after, string assignments, object parameters, bool leavesAdmin, CancellationToken cancellationToken) =>
        ChangeAsync(
            kind, actor, name, null, after,
            async (connection, transaction) =>
            {
                await LockAsync(connection, transaction, name, leavesAdmin, cancellationToken);
                return await connection.ExecuteAsync(new CommandDefinition(
                    $"update access.account set {assignments}, stamp = gen_random_uuid() where lower(name) = lower(@name)", parameters, transaction, cancellationToken: cancellationToken));
            },
            cancellationToken);

    /// <summary>Locks all admins and the account, so that two changes cannot each take away the other's last admin.</summary>
    private static async Task<long> LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string name, bool leavesAdmin, CancellationToken cancellationToken)
    {
        var rows = (await connection.QueryAsync<(long AccountId, string Name, bool IsAdmin)>(new CommandDefinition(
            """
            select account_id, name, role = 'admin' and is_active
            from access.account
            where lower(name) = lower(@name) or role = 'admin'
            order by account_id
            for update
            """,
            new { name }, transaction, cancellationToken: cancellationToken))).AsList();
        var found = rows.Find(r => string.Equals(r.Name, name, StringComparison.OrdinalIgnoreCase));
        if (found.Name is null)
            throw new AccessException($"There is no account '{name}'. ./ecom users list shows all.");
        if (!leavesAdmin && found.IsAdmin && rows.Count(r => r.IsAdmin) == 1)
            throw new AccessException($"'{found.Name}' is the only active admin. Make another one first: ./ecom users role NAME admin");
        return found.AccountId;
    }

    private async Task<T> ChangeAsync<T>(
        string kind, string actor, string subject, string? before, string? after, Func<NpgsqlConnection, NpgsqlTransaction, Task<T>> change, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var result = await change(connection, transaction);
        await EventLog.RecordAsync(transaction, kind, actor, before, after, new { subject }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return result;
    }
}
