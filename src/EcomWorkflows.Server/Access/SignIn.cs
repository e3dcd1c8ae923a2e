using System.Collections.Concurrent;
using System.Security.Cryptography;
using Dapper;
using Npgsql;

namespace EcomWorkflows.Server.Access;

/// <summary>Finds out who somebody is: by name and password, by API key, or by a session that still holds.</summary>
internal sealed class SignIn(NpgsqlDataSource database, Passwords passwords, TimeProvider time)
{
    /// <summary>Wrong passwords in a row after which an account is closed for <see cref="LockTime"/>.</summary>
    public const int MaxFailures = 5;

    /// <summary>How long a key, a role or a disabled account may go on being believed by a running server.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(5);

    private const int MaxRemembered = 10_000;

    private readonly ConcurrentDictionary<string, (Account? Account, DateTimeOffset Until)> remembered = new(StringComparer.Ordinal);

    public static TimeSpan LockTime { get; } = TimeSpan.FromMinutes(5);

    /// <returns>Null for a wrong name or password, and for an account that is locked or disabled: which of them is nobody's business.</returns>
    public async Task<Account?> ByPasswordAsync(string name, string password, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var found = await connection.QuerySingleOrDefaultAsync<(long AccountId, string Name, string? PasswordHash, bool IsOpen)?>(new CommandDefinition(
            """
            select account_id, name, password_hash, is_active and coalesce(locked_until <= now(), true)
            from access.account
            where lower(name) = lower(@name)
            """,
            new { name }, cancellationToken: cancellationToken));
        var matches = passwords.Matches(found?.Name ?? name, found?.PasswordHash, password);
        if (found is not { IsOpen: true } open)
            return null;
        return await connection.QuerySingleOrDefaultAsync<Account>(new CommandDefinition(
            matches
                ? """
                  update access.account
                  set failed_sign_ins = 0, locked_until = null, signed_in_at = now()
                  where account_id = @AccountId and is_active
                  returning account_id, name, role, true as has_password, stamp, is_active, locked_until, created_at, created_by, signed_in_at
                  """
                : """
                  update access.account
                  set failed_sign_ins = case when failed_sign_ins + 1 >= @MaxFailures then 0 else failed_sign_ins + 1 end,
                      locked_until = case when failed_sign_ins + 1 >= @MaxFailures then now() + @LockTime end
                  where account_id = @AccountId
                  """,
            new { open.AccountId, MaxFailures, LockTime }, cancellationToken: cancellationToken));
    }

    /// <returns>Null for a key that is unknown, revoked or expired, or whose account is disabled.</returns>
    public Task<Account?> ByKeyAsync(ApiKeyText key, CancellationToken cancellationToken) =>
        RememberAsync("key " + Convert.ToHexString(key.Hash), connection => ReadByKeyAsync(connection, key, cancellationToken), cancellationToken);

    /// <returns>Null when the session has ended: the account is gone or disabled, or its stamp is another one.</returns>
    public async Task<Account?> BySessionAsync(long accountId, Guid stamp, CancellationToken cancellationToken)
    {
        var account = await RememberAsync(
            $"account {accountId}",
            connection => connection.QuerySingleOrDefaultAsync<Account>(new CommandDefinition(
                """
                select account_id, name, role, password_hash is not null as has_password, stamp, is_active, locked_until, created_at, created_by, signed_in_at
                from access.account
                where account_id = @accountId and is_active
                """,
                new { accountId }, cancellationToken: cancellationToken)),
            cancellationToken);
        return account?.Stamp == stamp ? account : null;
    }

    private static async Task<Account?> ReadByKeyAsync(NpgsqlConnection connection, ApiKeyText key, CancellationToken cancellationToken)
    {
        var hash = await connection.ExecuteScalarAsync<byte[]?>(new CommandDefinition(
            "select secret_hash from access.api_key where key_id = @KeyId and revoked_at is null and coalesce(expires_at > now(), true)",
            new { key.KeyId }, cancellationToken: cancellationToken));
        if (hash is null || !CryptographicOperations.FixedTimeEquals(hash, key.Hash))
            return null;
        return await connection.QuerySingleOrDefaultAsync<Account>(new CommandDefinition(
            """
            select a.account_id, a.name, a.role, a.password_hash is not null as has_password, a.stamp, a.is_active, a.locked_until, a.created_at, a.created_by, a.signed_in_at
            from access.account a
            join access.api_key k using (account_id)
            where k.key_id = @KeyId and a.is_active
            """,
            new { key.KeyId }, cancellationToken: cancellationToken));
    }

    private async Task<Account?> RememberAsync(string what, Func<NpgsqlConnection, Task<Account?>> read, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (remembered.TryGetValue(what, out var known) && known.Until > now)
            return known.Account;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var account = await read(connection);
        if (remembered.Count >= MaxRemembered)
            remembered.Clear();
        remembered[what] = (account, now + Remembered);
        return account;
    }
}
