using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Testing;

/// <summary>A real HTTP server on a free port of this machine.</summary>
public sealed class LocalHttp : IAsyncDisposable
{
    private readonly WebApplication app;

    private LocalHttp(WebApplication app) => this.app = app;

    public ConcurrentQueue<LocalRequest> Requests { get; } = new();

    public Uri Address => new(app.Urls.Single());

    public static async Task<LocalHttp> StartAsync(Func<LocalRequest, IResult> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new LocalHttp(builder.Build());
        server.app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var request = new LocalRequest(
                context.Request.Method, context.Request.Path + context.Request.QueryString,
                context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), await reader.ReadToEndAsync());
            server.Requests.Enqueue(request);
            await answer(request).ExecuteAsync(context);
        });
        await server.app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
