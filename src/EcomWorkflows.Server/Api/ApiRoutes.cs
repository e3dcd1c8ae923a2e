using EcomWorkflows.Server.Api.Assets;
using EcomWorkflows.Server.Api.Backfills;
using EcomWorkflows.Server.Api.Callbacks;
using EcomWorkflows.Server.Api.Connections;
using EcomWorkflows.Server.Api.DagRuns;
using EcomWorkflows.Server.Api.Dags;
using EcomWorkflows.Server.Api.Datasets;
using EcomWorkflows.Server.Api.Lineage;
using EcomWorkflows.Server.Api.Logs;
using EcomWorkflows.Server.Api.Monitor;
using EcomWorkflows.Server.Api.Pools;
using EcomWorkflows.Server.Api.Quality;
using EcomWorkflows.Server.Api.TaskInstances;
using EcomWorkflows.Server.Api.Variables;

namespace EcomWorkflows.Server.Api;

/// <summary>All routes under <c>/api/v2</c>: the paths, members and defaults of Airflow 3's REST API for what it shares with us.</summary>
internal static class ApiRoutes
{
    public const string DocumentName = "v2";

    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.AddOpenApi(DocumentName, options =>
        {
            options.ShouldInclude = endpoint => endpoint.RelativePath?.StartsWith("api/v2", StringComparison.Ordinal) ?? false;
            options.AddDocumentTransformer((document, _, _) =>
            {
                document.Info = new() { Title = "EcomWorkflows", Version = DocumentName, Description = "DAGs, runs, task instances and logs, under the names of Airflow's REST API v2." };
                document.Servers = [];
                return Task.CompletedTask;
            });
        });
        return services;
    }

    public static void MapApi(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi("/openapi/{documentName}.json");
        var api = routes.MapGroup("/api/v2").AddEndpointFilter<ApiErrors>();
        ListDags.Map(api);
        GetDag.Map(api);
        PatchDag.Map(api);
        PreviewSchedule.Map(api);
        ListDagRuns.Map(api);
        GetDagRun.Map(api);
        TriggerDagRun.Map(api);
        PatchDagRun.Map(api);
        ClearDagRun.Map(api);
        DeleteDagRun.Map(api);
        WatchDagRun.Map(api);
        ListTaskInstances.Map(api);
        GetTaskInstance.Map(api);
        ListTries.Map(api);
        GetWaitReasons.Map(api);
        ClearTaskInstances.Map(api);
        PatchTaskInstance.Map(api);
        AnswerApproval.Map(api);
        GetLog.Map(api);
        StreamLog.Map(api);
        ListImportErrors.Map(api);
        ListDagWarnings.Map(api);
        ListEventLogs.Map(api);
        ListBackfills.Map(api);
        GetBackfill.Map(api);
        DryRunBackfill.Map(api);
        CreateBackfill.Map(api);
        ChangeBackfill.Map(api);
        ListAssets.Map(api);
        ListAssetEvents.Map(api);
        GetAssetGraph.Map(api);
        CreateAssetEvent.Map(api);
        ListPools.Map(api);
        GetPool.Map(api);
        CreatePool.Map(api);
        PatchPool.Map(api);
        DeletePool.Map(api);
        VariableRoutes.Map(api);
        ConnectionRoutes.Map(api);
        ListCallbacks.Map(api);
        QualityRoutes.Map(api);
        DatasetRoutes.Map(api);
        LineageRoutes.Map(api);
        GetHealth.Map(api);
        GetVersion.Map(api);
        api.MapUnknownRoute("See /openapi/v2.json.");
    }
}
