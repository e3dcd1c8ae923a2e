using Dapper;
using Npgsql;

namespace EcomWorkflows.Pipeline.Training.Registry;

/// <summary>What nodes tell each other when an alias of a model moves; sent by the transaction that moves it, so it arrives with its commit.</summary>
internal static class ModelNotifications
{
    /// <summary>Payload: the model's name.</summary>
    internal const string Channel = "ecom_models";

    internal static Task AliasMovedAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string name, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition("select pg_notify(@Channel, @name)", new { Channel, name }, transaction, cancellationToken: cancellationToken));
}
