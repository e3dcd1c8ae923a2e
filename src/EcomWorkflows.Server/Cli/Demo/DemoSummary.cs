using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Scoring;
using EcomWorkflows.Pipeline.Training;
using EcomWorkflows.Pipeline.Versioning;

namespace EcomWorkflows.Server.Cli.Demo;

/// <summary>What came of a run: rows per stage, dataset versions, model figures, predictions, and where everything is.</summary>
/// <param name="Reports">Absolute paths of the reports the stages wrote.</param>
/// <param name="ModelFolder">Absolute; null where no model was trained.</param>
internal sealed record DemoSummary(
    long RunId,
    string Dag,
    string State,
    string? Message,
    TimeSpan? Took,
    IReadOnlyList<StageRows> Stages,
    IReadOnlyList<QuarantineReason> QuarantinedBecause,
    IReadOnlyList<TaskFailure> Failures,
    IReadOnlyList<VersionedDataset> Datasets,
    TrainingOutputs? Training,
    string? ModelFolder,
    ScoreChurnOutputs? Scoring,
    IReadOnlyList<TaskReport> Reports,
    string DatasetRepository,
    string RunPage)
{
    public bool Succeeded => State == "success";

    public static async Task<DemoSummary> ReadAsync(
        IServiceProvider services, EnvironmentSettings settings, RunInfo run, string address, CancellationToken cancellationToken)
    {
        var tasks = await services.GetRequiredService<RunReader>().TaskInstancesAsync(run.RunId, cancellationToken);
        var outputs = tasks
            .Where(task => task.Outputs is not null)
            .ToDictionary(task => task.TaskId, task => JsonNode.Parse(task.Outputs!) as JsonObject ?? []);
        var training = Read<TrainingOutputs>(outputs, "train_churn");
        return new DemoSummary(
            run.RunId,
            run.DagId,
            run.State,
            run.Message,
            run.EndedAt - run.StartedAt,
            [.. outputs.Select(task => StageRows.Read(task.Key, task.Value)).OfType<StageRows>()],
            [.. outputs.SelectMany(task => QuarantineReason.Read(task.Key, task.Value))],
            [.. tasks.Where(task => task.State == "failed").Select(task => new TaskFailure(task.TaskId, task.Cause, task.Message))],
            Read<VersionDatasetsOutputs>(outputs, "version_datasets")?.Datasets ?? [],
            training,
            training is null ? null : Path.Combine(settings.Home, training.ModelFolder),
            Read<ScoreChurnOutputs>(outputs, "score_churn"),
            [.. outputs.Select(task => TaskReport.Find(task.Key, task.Value, settings.Home)).OfType<TaskReport>()],
            settings.DataVersionsFolder,
            $"{address}/dags/{run.DagId}/runs/{Uri.EscapeDataString(run.RunKey)}");
    }

    private static T? Read<T>(Dictionary<string, JsonObject> outputs, string taskId)
        where T : class =>
        outputs.TryGetValue(taskId, out var json) ? json.Deserialize<T>(TaskJson.Options) : null;
}
