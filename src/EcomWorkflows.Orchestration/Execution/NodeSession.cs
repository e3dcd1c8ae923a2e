using EcomWorkflows.Orchestration.Outages;
using EcomWorkflows.Orchestration.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EcomWorkflows.Orchestration.Execution;

/// <summary>This process's current registration as a node. A lease that ran out ends it; a new one gets a new id, so that nothing old can be mistaken for it.</summary>
internal sealed class NodeSession(NodeStore nodes, ClockComparison clocks, OrchestrationOptions options, OutageLog outages, TimeProvider time, ILogger<NodeSession> logger)
{
    private const string Registering = "The registration of the node";

    private static readonly TimeSpan FailureWait = TimeSpan.FromSeconds(1);

    private NodeIdentity current = Identify();

    public Guid NodeId => current.NodeId;

    public string Actor => $"node:{NodeId}";

    /// <summary>
    /// Registers, and ends the leases of nodes whose processes are known to be gone, so that their work need not wait for the lease. Goes on trying while the
    /// database is away.
    /// </summary>
    public async Task RegisterAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await RegisterOnceAsync(cancellationToken);
                outages.Worked(Registering);
                return;
            }
            catch (NpgsqlException failure) when (OrchestrationDatabase.IsPassing(failure))
            {
                outages.Failed(Registering, failure);
                // What became of the first try is not known; a node that was registered and is not used stays without attempts until its lease is over.
                current = Identify();
                await Task.Delay(FailureWait, time, cancellationToken);
            }
        }
    }

    /// <returns>False when the lease had already run out.</returns>
    public async Task<bool> RenewAsync(CancellationToken cancellationToken)
    {
        var isRenewed = await nodes.RenewAsync(NodeId, options.Lease, cancellationToken);
        await clocks.CompareAsync(cancellationToken);
        return isRenewed;
    }

    public async Task ReplaceAsync(CancellationToken cancellationToken)
    {
        await nodes.StopAsync(NodeId, cancellationToken);
        current = Identify();
        await nodes.RegisterAsync(current, options.Lease, options.ProgramVersion, cancellationToken);
        logger.LogWarning("The lease ran out while this program was silent; its attempts are lost and it goes on as node {NodeId}", NodeId);
    }

    public Task StopAsync(CancellationToken cancellationToken) => nodes.StopAsync(NodeId, cancellationToken);

    private async Task RegisterOnceAsync(CancellationToken cancellationToken)
    {
        await clocks.CompareAsync(cancellationToken);
        foreach (var node in await nodes.UnstoppedOnHostAsync(current.Host, cancellationToken))
        {
            var alive = node.BootId == ProcessTable.BootId && ProcessTable.StartTicks(node.ProcessId) == node.ProcessTicks;
            if (!alive)
            {
                logger.LogInformation("Node {NodeId} (process {ProcessId}) is gone; its attempts are given back", node.NodeId, node.ProcessId);
                await nodes.StopAsync(node.NodeId, cancellationToken);
            }
        }
        await nodes.RegisterAsync(current, options.Lease, options.ProgramVersion, cancellationToken);
    }

    private static NodeIdentity Identify() => new()
    {
        NodeId = Guid.NewGuid(),
        Host = Environment.MachineName,
        BootId = ProcessTable.BootId,
        ProcessId = Environment.ProcessId,
        ProcessTicks = ProcessTable.StartTicks(Environment.ProcessId) ?? 0,
    };
}
