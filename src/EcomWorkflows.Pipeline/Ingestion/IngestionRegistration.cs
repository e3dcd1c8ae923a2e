using System.Net;
using EcomWorkflows.Orchestration.BuiltIn;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Ingestion.Retention;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EcomWorkflows.Pipeline.Ingestion;

/// <summary>Registers the ingestion stage.</summary>
public static class IngestionRegistration
{
    /// <summary>A connection is renewed after this long, so that a changed address is noticed.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    public static IServiceCollection AddIngestion(this IServiceCollection services)
    {
        services.TryAddSingleton(_ => NewClient());
        services.AddSingleton<RawRetention>();
        return services.AddTask<IngestTask>();
    }

    /// <summary>Time-outs are per request, by the source's own settings.</summary>
    internal static HttpClient NewClient() =>
        new(new SameServerRedirects(new SocketsHttpHandler { PooledConnectionLifetime = ConnectionLifetime, AutomaticDecompression = DecompressionMethods.All })) { Timeout = Timeout.InfiniteTimeSpan };
}
