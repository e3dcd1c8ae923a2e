using EcomWorkflows.Elsa.Api;
using EcomWorkflows.Elsa.Api.Instances;
using EcomWorkflows.Elsa.Studio;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Server.Access;
using EcomWorkflows.Server.Dashboards;
using EcomWorkflows.Server.Metrics;

namespace EcomWorkflows.Server.Api;

/// <summary>The whole web face: pages, API, reports, and the guards in front of them.</summary>
/// <remarks>The caller registers orchestration, schedules, <c>PipelineOptions</c> and a <c>TimeProvider</c>.</remarks>
internal static class WebFace
{
    public static IServiceCollection AddWebFace(this IServiceCollection services, WebOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<RunOverview>();
        services.AddSingleton<RunViews>();
        services.AddSingleton<RunWatch>();
        services.AddProblemDetails();
        services.AddResponseCompression(ReportFiles.Compression);
        // A parameter that cannot be read is then answered by FailureResponse, which says which one.
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddSingleton<CounterTotals>();
        services.AddSingleton<StateMetrics>();
        services.AddAccess(options.IsOpen);
        services.AddApi();
        services.AddElsaApi();
        services.AddDashboards();
        return services;
    }

    public static void UseWebFace(this WebApplication app)
    {
        app.UseMiddleware<FailureResponse>();
        app.UseMiddleware<RequestGuard>();
        app.UseAccess();
        app.UseWhen(context => ReportFiles.IsLong(context.Request), reports => reports.UseResponseCompression());
        SignInRoutes.Map(app);
        MetricsRoute.Map(app);
        app.MapApi();
        app.MapElsaApi().Reads.MapUnknownRoute("What Elsa Studio 3.8.2 asks for is there; see docs/studio.md.");
        app.MapElsaHub();
        app.MapElsaStudio();
        app.MapDashboards();
    }
}
