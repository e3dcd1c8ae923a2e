using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Cli.Demo;

/// <summary>What came of a run: rows per stage, model metrics, and where everything is.</summary>
internal sealed record DemoSummary(
    long RunId,
    string Dag,
    string State,
    TimeSpan? Took,
    IReadOnlyList<StageRows> Stages,
    IReadOnlyList<TaskFailure> Failures,
    IReadOnlyList<string> Reports,
    JsonNode? Datasets,
    JsonNode? Training,
    JsonNode? Scoring,
    string RunPage)
{
    public bool Succeeded => State == "success";

    public static async Task<DemoSummary> ReadAsync(
        IServiceProvider services, EnvironmentSettings settings, RunInfo run, string address, CancellationToken cancellationToken)
    {
        var tasks = await services.GetRequiredService<RunReader>().TaskInstancesAsync(run.RunId, cancellationToken);
        var outputs = tasks
            .Where(task => task.Outputs is not null)
            .Select(task => (task.TaskId, Outputs: JsonNode.Parse(task.Outputs!) as JsonObject ?? []))
            .ToList();
        return new DemoSummary(
            run.RunId,
            run.DagId,
            run.State,
            run.EndedAt - run.StartedAt,
            [.. outputs.Select(task => StageRows.Read(task.TaskId, task.Outputs)).OfType<StageRows>()],
            [.. tasks.Where(task => task.State == "failed").Select(task => new TaskFailure(task.TaskId, task.Cause, task.Message))],
            [.. outputs.Select(task => task.Outputs["reportPath"]?.GetValue<string>()).OfType<string>().Select(path => Path.Combine(settings.Home, path))],
            Find("version_datasets"),
            Find("train_churn"),
            Find("score_churn"),
            $"{address}/dags/{run.DagId}/runs/{Uri.EscapeDataString(run.RunKey)}");

        JsonNode? Find(string taskId) => outputs.FirstOrDefault(task => task.TaskId == taskId).Outputs;
    }
}
