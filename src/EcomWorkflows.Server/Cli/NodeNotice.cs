using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Cli;

/// <summary>Says so when nothing will happen because no node is up.</summary>
internal static class NodeNotice
{
    public static async Task WriteAsync(CommandSession session, CancellationToken cancellationToken)
    {
        if (await session.Get<NodeStore>().AliveAsync(cancellationToken) == 0)
            await Console.Error.WriteLineAsync("No node is up to carry it out: start one with ./ecom serve.");
    }
}
