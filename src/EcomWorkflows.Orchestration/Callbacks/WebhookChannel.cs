using System.Text;
using EcomWorkflows.Orchestration.Secrets;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Orchestration.Callbacks;

/// <summary>Callbacks as signed HTTP POSTs.</summary>
internal sealed class WebhookChannel(ConnectionStore connections, TimeProvider time) : ICallbackChannel, IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5), UseCookies = false }) { Timeout = Limit };

    public string Name => "webhook";

    public async Task SendAsync(CallbackInfo callback, CancellationToken cancellationToken)
    {
        var body = CallbackMessage.Json(callback);
        using var request = new HttpRequestMessage(HttpMethod.Post, callback.Target) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", callback.IdempotencyKey.ToString());
        request.Headers.Add("X-Ecom-Event", $"{(callback.TaskId is null ? "run" : "task")}.{callback.Event}");
        if (callback.Connection is { Length: > 0 } name)
        {
            var secret = (await connections.ReadAsync(name, cancellationToken)).Password
                ?? throw new CallbackException($"Connection '{name}' has no password to sign the webhook with.");
            request.Headers.Add(WebhookSignature.Header, WebhookSignature.Create(secret, time.GetUtcNow(), body));
        }
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw new CallbackException($"{callback.Place} answered {(int)response.StatusCode}.");
    }

    public void Dispose() => client.Dispose();
}
