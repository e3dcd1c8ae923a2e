using Dapper;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Nodes and their leases. Lease time is the database's own, so clocks of nodes may differ.</summary>
public sealed class NodeStore(NpgsqlDataSource database)
{
    public async Task RegisterAsync(NodeIdentity node, TimeSpan lease, string programVersion, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into orchestration.node (node_id, host, boot_id, process_id, process_ticks, program_version, lease_until)
            values (@NodeId, @Host, @BootId, @ProcessId, @ProcessTicks, @programVersion, clock_timestamp() + @lease)
            """,
            new { node.NodeId, node.Host, node.BootId, node.ProcessId, node.ProcessTicks, programVersion, lease }, cancellationToken: cancellationToken));
    }

    /// <summary>Renews the lease and thereby that of every attempt of the node.</summary>
    /// <returns>False when the lease had already run out: the node has lost its attempts and must register anew.</returns>
    public async Task<bool> RenewAsync(Guid nodeId, TimeSpan lease, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(
            """
            update orchestration.node
            set lease_until = clock_timestamp() + @lease
            where node_id = @nodeId
              and stopped_at is null
              and lease_until > clock_timestamp()
            """,
            new { nodeId, lease }, cancellationToken: cancellationToken)) == 1;
    }

    /// <summary>The attempts that run on a node, as the database has it.</summary>
    public async Task<IReadOnlyList<(long AttemptId, long RunId, int Checks)>> RunningAsync(Guid nodeId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<(long, long, int)>(new CommandDefinition(
            """
            select a.attempt_id, a.run_id, a.checks
            from orchestration.task_instance t
            join orchestration.task_attempt a on a.attempt_id = t.attempt_id
            where t.state = 'running'
              and a.state = 'running'
              and a.node_id = @nodeId
            """,
            new { nodeId }, cancellationToken: cancellationToken))).AsList();
    }

    /// <summary>Ends a node's lease at once: when it stops in order, or when its process is known to be gone.</summary>
    public async Task StopAsync(Guid nodeId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "update orchestration.node set stopped_at = clock_timestamp() where node_id = @nodeId and stopped_at is null",
            new { nodeId }, cancellationToken: cancellationToken));
    }

    /// <summary>Nodes of this host that have not stopped in order, whether their process still lives or not.</summary>
    public async Task<IReadOnlyList<NodeIdentity>> UnstoppedOnHostAsync(string host, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<NodeIdentity>(new CommandDefinition(
            """
            select node_id, host, boot_id, process_id, process_ticks
            from orchestration.node
            where host = @host
              and stopped_at is null
            """,
            new { host }, cancellationToken: cancellationToken))).AsList();
    }

    /// <summary>Whether any node is alive that could take queued work.</summary>
    public async Task<int> AliveAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<int>(new CommandDefinition(
            "select count(*)::int from orchestration.node where stopped_at is null and lease_until > clock_timestamp()", cancellationToken: cancellationToken));
    }
}
