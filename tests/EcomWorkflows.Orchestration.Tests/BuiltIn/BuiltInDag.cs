using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tests.Execution;
using EcomWorkflows.Testing;

namespace EcomWorkflows.Orchestration.Tests.BuiltIn;

/// <summary>DAGs of built-in tasks for tests.</summary>
internal static class BuiltInDag
{
    public static Dag Single(string type, JsonObject inputs, TaskSettings? settings = null) => new(
        $"dag_{Guid.NewGuid():n}", "test", null, new DagSettings(), [],
        [new DagTask("a", type, "a", inputs, settings ?? new TaskSettings { RetryDelay = TimeSpan.FromMilliseconds(50) })], []);

    /// <summary>A running orchestrator on a database of its own.</summary>
    public static async Task<TestOrchestrator> StartOrchestratorAsync(this PostgresFixture postgres)
    {
        var orchestrator = await TestOrchestrator.CreateAsync(postgres);
        await orchestrator.StartAsync();
        return orchestrator;
    }

    /// <summary>Runs one task to its end.</summary>
    public static async Task<TaskInstanceInfo> RunAsync(this TestOrchestrator orchestrator, string type, JsonObject inputs, TaskSettings? settings = null)
    {
        var run = await orchestrator.RunAsync(Single(type, inputs, settings));
        return (await orchestrator.Runs.TaskInstancesAsync(run, CancellationToken.None)).Single();
    }

    public static JsonObject Outputs(this TaskInstanceInfo instance) => JsonNode.Parse(instance.Outputs ?? throw new InvalidOperationException($"{instance.State}: {instance.Message}"))!.AsObject();
}
