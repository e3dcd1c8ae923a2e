using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Secrets;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Orchestration.Execution;

/// <summary>Reads what the templates of a task name (upstream outputs, variables, connections) and nothing else, then fills them in.</summary>
internal sealed class TemplateLoader(AttemptStore attempts, VariableStore variables, ConnectionStore connections)
{
    /// <exception cref="TemplateException">A name has no value in this run.</exception>
    public async Task<JsonObject> FillAsync(JsonObject inputs, TemplateValues values, RunGraph graph, long runId, CancellationToken cancellationToken)
    {
        var names = Templates.Names(inputs).Distinct().ToList();
        if (names.Count > 0)
        {
            values = values with
            {
                Outputs = await OutputsAsync([.. names.OfType<TemplateName.Output>().Select(o => o.TaskId).Distinct()], graph, runId, cancellationToken),
                Variables = await variables.ReadAsync([.. names.OfType<TemplateName.Variable>().Select(v => v.Name).Distinct()], cancellationToken),
                Connections = (await connections.ReadAsync([.. names.OfType<TemplateName.Connection>().Select(c => c.Name).Distinct()], cancellationToken))
                    .ToDictionary(c => c.Key, c => c.Value.Fields(), StringComparer.Ordinal),
            };
        }
        return Templates.Fill(inputs, values);
    }

    private async Task<Dictionary<string, JsonNode>> OutputsAsync(IReadOnlyList<string> taskIds, RunGraph graph, long runId, CancellationToken cancellationToken)
    {
        var outputs = new Dictionary<string, JsonNode>(StringComparer.Ordinal);
        foreach (var taskId in taskIds)
        {
            var found = (await attempts.ReadOutputsAsync(runId, taskId, cancellationToken)).Select(o => JsonSerializer.SerializeToNode(o)!).ToArray();
            if (graph.Task(taskId).Settings.MapOver is not null)
                outputs[taskId] = new JsonArray(found);
            else if (found is [var only])
                outputs[taskId] = only;
        }
        return outputs;
    }
}
