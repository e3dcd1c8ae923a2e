using Dapper;
using Npgsql;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>What the nodes tell each other when the registry or online values change; sent by the transaction that changes them, so it arrives with its commit.</summary>
internal static class FeatureNotifications
{
    public const string Channel = "ecom_features";

    /// <summary>Payload: views, versions or services changed.</summary>
    public const string Registry = "registry";

    private const char KeySeparator = '\u001E';

    /// <summary>PostgreSQL takes payloads below 8,000 bytes.</summary>
    private const int MostCharacters = 2500;

    public static Task RegistryChangedAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken) => SendAsync(transaction, Registry, cancellationToken);

    /// <param name="keys">Entities whose values changed; null when it may be any.</param>
    public static Task ValuesChangedAsync(NpgsqlTransaction transaction, FeatureView view, IReadOnlyList<string>? keys, CancellationToken cancellationToken)
    {
        var payload = $"{view.Id} {view.Version}";
        if (keys is not null && keys.Sum(k => k.Length + 1) <= MostCharacters)
            payload += " " + string.Join(KeySeparator, keys);
        return SendAsync(transaction, payload, cancellationToken);
    }

    /// <summary>Reads a payload of <see cref="ValuesChangedAsync"/>; no keys mean all.</summary>
    public static (int ViewId, int Version, string[]? Keys) Read(string payload)
    {
        var parts = payload.Split(' ', 3);
        return (int.Parse(parts[0]), int.Parse(parts[1]), parts.Length == 3 ? parts[2].Split(KeySeparator) : null);
    }

    private static Task SendAsync(NpgsqlTransaction transaction, string payload, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "select pg_notify(@Channel, @payload)", new { Channel, payload }, transaction, cancellationToken: cancellationToken));
}
