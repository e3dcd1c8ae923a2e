using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Secrets;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Pipeline.Connections;

/// <summary>The stored connections that stages sign in with; secrets read here are masked in every log from then on.</summary>
/// <param name="store">Null in a host without the orchestrator, which then has no connections.</param>
public sealed class StoredConnections(ConnectionStore? store)
{
    /// <param name="types">Allowed types of the connection; the first is named in messages.</param>
    /// <exception cref="TaskFailedException">There is no such connection, or it is of another type.</exception>
    public async Task<Connection> ReadAsync(string name, IReadOnlyList<string> types, CancellationToken cancellationToken)
    {
        var connection = await FindAsync(name, types, cancellationToken);
        return types.Contains(connection.Info.Type, StringComparer.Ordinal)
            ? connection
            : throw new TaskFailedException($"Connection '{name}' is of type {connection.Info.Type}; allowed here are {string.Join(", ", types)}.", retryable: false);
    }

    private async Task<Connection> FindAsync(string name, IReadOnlyList<string> types, CancellationToken cancellationToken)
    {
        if (store is null)
            throw new TaskFailedException($"Connection '{name}' cannot be read: this program keeps no connections.", retryable: false);
        try
        {
            return await store.ReadAsync(name, cancellationToken);
        }
        catch (NotFoundException)
        {
            throw new TaskFailedException($"There is no connection '{name}'. Make it with ./ecom connections set {name} --type {types[0]} --host … --password-stdin.", retryable: false);
        }
    }
}
