using System.Reflection;
using System.Text.RegularExpressions;
using Dapper;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Applies numbered SQL migrations (embedded resources named <c>….Migrations.0001_name.sql</c>), each once, in one transaction per script set.</summary>
/// <remarks>Every schema has one owner and its own number line; several nodes may start at once: an advisory lock lets one migrate and the others wait.</remarks>
public sealed partial class Migrator(NpgsqlDataSource database, IEnumerable<MigrationSet> sets)
{
    private const long AdvisoryLockKey = 0x45434F4D_4D494752; // "ECOMMIGR"

    /// <exception cref="MigrationException">A script failed, or one that was applied has since been changed.</exception>
    public async Task<int> ApplyAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            select pg_advisory_xact_lock(@AdvisoryLockKey);
            create schema if not exists ecom;
            create table if not exists ecom.migration (
              owner       text        not null,
              number      int         not null,
              name        text        not null,
              sha256      text        not null,
              applied_at  timestamptz not null default now(),
              primary key (owner, number)
            );
            """,
            new { AdvisoryLockKey }, transaction, cancellationToken: cancellationToken));
        var applied = (await connection.QueryAsync<(string Owner, int Number, string Sha256)>(new CommandDefinition(
            "select owner, number, sha256 from ecom.migration", transaction: transaction, cancellationToken: cancellationToken)))
            .ToDictionary(m => (m.Owner, m.Number), m => m.Sha256);
        var count = 0;
        foreach (var set in sets.OrderBy(s => s.Order).ThenBy(s => s.Owner, StringComparer.Ordinal))
        {
            foreach (var script in Scripts(set))
            {
                if (applied.TryGetValue((set.Owner, script.Number), out var sha256))
                {
                    if (sha256 != script.Sha256)
                        throw new MigrationException($"Migration {script.Name} of {set.Owner} was changed after it had been applied. Restore the file and add a new migration instead.");
                    continue;
                }
                await ApplyAsync(connection, transaction, set, script, cancellationToken);
                count++;
            }
        }
        await transaction.CommitAsync(cancellationToken);
        return count;
    }

    private static async Task ApplyAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, MigrationSet set, Script script, CancellationToken cancellationToken)
    {
        try
        {
            await connection.ExecuteAsync(new CommandDefinition(script.Sql, transaction: transaction, cancellationToken: cancellationToken));
        }
        catch (PostgresException failure)
        {
            throw new MigrationException($"Migration {script.Name} of {set.Owner} failed: {failure.MessageText} (position {failure.Position}).", failure);
        }
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into ecom.migration (owner, number, name, sha256)
            values (@Owner, @Number, @Name, @Sha256)
            """,
            new { set.Owner, script.Number, script.Name, script.Sha256 }, transaction, cancellationToken: cancellationToken));
    }

    private static IEnumerable<Script> Scripts(MigrationSet set) =>
        set.Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(set.ResourcePrefix, StringComparison.Ordinal))
            .Select(name => (Resource: name, Match: ScriptName().Match(name[set.ResourcePrefix.Length..])))
            .Where(found => found.Match.Success)
            .Select(found => Script.Read(set.Assembly, found.Resource, int.Parse(found.Match.Groups[1].Value), found.Match.Value))
            .OrderBy(script => script.Number);

    [GeneratedRegex(@"^(\d{4})_[a-z0-9_]+\.sql$")]
    private static partial Regex ScriptName();

    private sealed record Script(int Number, string Name, string Sql, string Sha256)
    {
        public static Script Read(Assembly assembly, string resource, int number, string name)
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            var sql = reader.ReadToEnd();
            var hash = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(sql.ReplaceLineEndings("\n")));
            return new Script(number, name, sql, Convert.ToHexStringLower(hash));
        }
    }
}
