using Microsoft.AspNetCore.Mvc;

namespace EcomWorkflows.Server.Metrics;

/// <summary><c>GET /metrics</c>: what Prometheus scrapes. Counters are this process's, gauges are of the whole installation.</summary>
internal static class MetricsRoute
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        // From here on everything is counted.
        routes.ServiceProvider.GetRequiredService<CounterTotals>();
        routes.MapGet("/metrics", HandleAsync).ExcludeFromDescription();
    }

    private static async Task<IResult> HandleAsync([FromServices] StateMetrics state, [FromServices] CounterTotals counters, CancellationToken cancellationToken) =>
        TypedResults.Text(PrometheusText.Write([.. await state.ReadAsync(cancellationToken), .. counters.Read()]), PrometheusText.ContentType);
}
