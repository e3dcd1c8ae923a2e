using EcomWorkflows.Pipeline.Scoring.Retention;
using EcomWorkflows.Pipeline.Training.Registry;

namespace EcomWorkflows.Server.Dashboards;

/// <summary>Addresses of pages and of the API routes they use.</summary>
internal static class Links
{
    public const string Home = "/";

    public static string Dag(string dagId) => $"/dags/{Escape(dagId)}";

    public static string Run(string dagId, string runKey) => $"{Dag(dagId)}/runs/{Escape(runKey)}";

    public const string Features = "/features";

    public static string FeaturesOf(string tag) => $"{Features}?tag={Escape(tag)}";

    /// <param name="version">Null for the current one.</param>
    public static string Feature(string view, int? version = null) => $"{Features}/{Escape(view)}{(version is { } number ? $"?version={number}" : "")}";

    public const string Runs = "/runs";

    public static string RunsOf(string dagId) => $"{Runs}?dag={Escape(dagId)}";

    public const string Pools = "/pools";

    public const string Datasets = "/datasets";

    public const string Lineage = "/lineage";

    /// <param name="dataset">SOURCE/NAME.</param>
    public static string Dataset(string dataset) => $"{Datasets}/{Segments(dataset)}";

    public static string DatasetVersion(string dataset, int version) => $"{Dataset(dataset)}/v{version}";

    public static string DatasetDifference(string dataset, int before, int after) => $"{Dataset(dataset)}/diff?before={before}&after={after}";

    public static string DatasetLineage(string dataset, int version) => $"{Lineage}/datasets/{Segments(dataset)}/v{version}";

    public static string ModelLineage(string name, int version) => $"{Lineage}/models/{Escape(name)}/{version}";

    public static string PredictionLineage(string source, string customer) => $"{Lineage}/predictions/{Escape(source)}/{Escape(customer)}";

    public static string PurchaseLineage(string source, string visitor, string item) => $"{Lineage}/purchases/{Escape(source)}/{Escape(visitor)}/{Escape(item)}";

    public static string RawLine(long rawFile, long line) => $"{Lineage}/raw-files/{rawFile}?line={line}";

    public static string RunOf(long runId) => $"{Runs}/{runId}";

    public const string Approvals = "/approvals";

    public const string Models = "/models";

    public static string Model(string name, int version) => $"{Models}/{Escape(name)}/{version}";

    /// <summary>The model card as a page.</summary>
    public static string ModelCard(ModelVersion version) => $"{Model(version.Name, version.Version)}/card";

    public static string ModelFile(ModelVersion version, string file) => Report($"{version.Folder}/{file}");

    public const string Retention = "/retention";

    public static string RetentionOf(RetentionList list) => $"{Retention}/{Escape(list.Source)}/{list.AsOf.UtcDateTime:yyyy-MM-dd}";

    public static string RetentionCsv(RetentionList list) => $"{RetentionOf(list)}/targets.csv";

    public const string Backfills = "/backfills";

    /// <summary>Not <c>/assets</c>, where the style sheet and the script are.</summary>
    public const string Assets = "/data-assets";

    public const string Quality = "/quality";

    public static string QualityIssues(long runId) => $"/api/v2/quality/runs/{runId}/issues?format=csv";

    public static string Backfill(long backfillId) => $"{Backfills}/{backfillId}";

    public static string BackfillsOf(string dagId) => $"{Backfills}?dag={Escape(dagId)}";

    /// <summary>Preview of a clear of the failed tasks, or of one task with everything after it.</summary>
    public static string Change(string dagId, string runKey, string? taskId = null, int mapIndex = -1) =>
        $"{Run(dagId, runKey)}/change?do=clear&{(taskId is null ? "only_failed=true" : $"task={Escape(taskId)}&downstream=true")}{(mapIndex >= 0 ? $"&map={mapIndex}" : "")}";

    public static string Start(string dagId) => $"{Dag(dagId)}/run";

    public static string Schedule(string dagId) => $"{Dag(dagId)}/schedule";

    public static string RunLive(string dagId, string runKey) => $"{Run(dagId, runKey)}/live";

    /// <param name="mapIndex">-1 where the task is not mapped.</param>
    public static string Task(string dagId, string runKey, string taskId, int mapIndex = -1, int? tryNumber = null)
    {
        string[] query = [.. mapIndex >= 0 ? [$"map={mapIndex}"] : Array.Empty<string>(), .. tryNumber is { } number ? [$"try={number}"] : Array.Empty<string>()];
        return $"{Run(dagId, runKey)}/tasks/{Escape(taskId)}{(query.Length > 0 ? "?" + string.Join('&', query) : "")}";
    }

    /// <summary>The DAG in Elsa Studio's editor.</summary>
    public static string Editor(string dagId) => $"/studio/workflows/definitions/{Escape(dagId)}/edit";

    /// <summary>The run in Elsa Studio's viewer.</summary>
    public static string Viewer(long runId) => $"/studio/workflows/instances/{runId}/view";

    public static string ApiRun(string dagId, string runKey) => $"/api/v2/dags/{Escape(dagId)}/dagRuns/{Escape(runKey)}";

    public static string ApiLog(string dagId, string runKey, string taskId, int mapIndex, int tryNumber) =>
        $"{ApiRun(dagId, runKey)}/taskInstances/{Escape(taskId)}/logs/{tryNumber}?map_index={mapIndex}";

    public static string ApiLogStream(string dagId, string runKey, string taskId, int mapIndex, int tryNumber) =>
        $"{ApiRun(dagId, runKey)}/taskInstances/{Escape(taskId)}/logs/{tryNumber}/stream?map_index={mapIndex}";

    public static string Report(string pathUnderHome) =>
        "/" + string.Join('/', pathUnderHome.Replace('\\', '/').TrimStart('/').Split('/').Select(Escape));

    private static string Segments(string path) => string.Join('/', path.Split('/').Select(Escape));

    private static string Escape(string part) => Uri.EscapeDataString(part);
}
