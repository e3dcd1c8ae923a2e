using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace EcomWorkflows.Server.Tests.Elsa;

/// <summary>A viewer's connection to the hub, spoken by hand: JSON frames that end with the record separator.</summary>
internal sealed class HubConnection : IAsyncDisposable
{
    private const byte End = 0x1e;

    private readonly ClientWebSocket socket = new();
    private readonly List<byte> received = [];

    public static async Task<HubConnection> OpenAsync(HttpClient client, string? origin = null)
    {
        var answer = await client.PostAsync("/elsa/hubs/workflow-instance/negotiate?negotiateVersion=1", content: null);
        answer.EnsureSuccessStatusCode();
        var token = (await answer.Content.ReadFromJsonAsync<JsonObject>())!["connectionToken"]!.GetValue<string>();
        var connection = new HubConnection();
        if (origin is not null)
            connection.socket.Options.SetRequestHeader("Origin", origin);
        var address = new UriBuilder(new Uri(client.BaseAddress!, $"/elsa/hubs/workflow-instance?id={Uri.EscapeDataString(token)}")) { Scheme = "ws" };
        await connection.socket.ConnectAsync(address.Uri, CancellationToken.None);
        await connection.SendAsync(new JsonObject { ["protocol"] = "json", ["version"] = 1 });
        await connection.NextAsync();
        return connection;
    }

    public Task ObserveAsync(string instanceId) =>
        SendAsync(new JsonObject { ["type"] = 1, ["target"] = "ObserveInstanceAsync", ["arguments"] = new JsonArray(instanceId) });

    /// <summary>The next message the hub sends; keep-alives are passed over.</summary>
    public async Task<(string Target, JsonNode Argument)> MessageAsync()
    {
        while (true)
        {
            var frame = await NextAsync();
            if (frame["type"]?.GetValue<int>() == 1)
                return (frame["target"]!.GetValue<string>(), frame["arguments"]![0]!);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (socket.State == WebSocketState.Open)
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        socket.Dispose();
    }

    private Task SendAsync(JsonObject frame) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(frame.ToJsonString()).Append(End).ToArray(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    private async Task<JsonObject> NextAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        var buffer = new byte[16 * 1024];
        int end;
        while ((end = received.IndexOf(End)) < 0)
        {
            var result = await socket.ReceiveAsync(buffer, limit.Token);
            if (result.MessageType == WebSocketMessageType.Close)
                throw new WebSocketException("The hub closed the connection.");
            received.AddRange(buffer.AsSpan(0, result.Count));
        }
        var frame = JsonNode.Parse(Encoding.UTF8.GetString([.. received[..end]]))!.AsObject();
        received.RemoveRange(0, end + 1);
        return frame;
    }
}
