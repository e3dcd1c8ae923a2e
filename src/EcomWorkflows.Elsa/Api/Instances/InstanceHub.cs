using Microsoft.AspNetCore.SignalR;

namespace EcomWorkflows.Elsa.Api.Instances;

/// <summary>Tells Studio's viewer that the run it shows has changed.</summary>
internal sealed class InstanceHub(InstanceBroadcast broadcast) : Hub
{
    /// <summary>From now on this connection is told about the run; called by Studio.</summary>
    public async Task ObserveInstanceAsync(string instanceId)
    {
        await Groups.AddToGroupAsync(Context.ConnectionId, instanceId, Context.ConnectionAborted);
        broadcast.Join(instanceId, Context.ConnectionId);
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        broadcast.Leave(Context.ConnectionId);
        return base.OnDisconnectedAsync(exception);
    }
}
