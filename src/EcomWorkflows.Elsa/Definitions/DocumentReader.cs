using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.BuiltIn;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Elsa.Definitions;

/// <summary>Reads a whole definition as a DAG.</summary>
internal sealed class DocumentReader(TaskRegistry registry, ProblemList problems)
{
    /// <summary>The DAG; null when there are problems, which are then all in the list.</summary>
    public Dag? Read(JsonObject definition)
    {
        var dagId = definition.Text("definitionId");
        if (string.IsNullOrWhiteSpace(dagId))
            problems.Add("definitionId", $"The DAG has no id. Write \"definitionId\": \"…\" with {DagValidator.AllowedId}.");
        var parameters = new ParamReader(problems).Read(definition);
        if (FindRoot(definition) is not { } root)
            return null;

        var templates = new TemplateCheck();
        var flowchart = new FlowchartReader(registry, templates, problems).Read(root);
        var dag = new Dag(
            dagId is { Length: > 0 } ? dagId : "unknown",
            definition.Text("name") is { Length: > 0 } name ? name : dagId ?? "unknown",
            definition.Text("description") is { Length: > 0 } description ? description : null,
            Settings(root),
            parameters,
            flowchart.Tasks,
            flowchart.Edges);
        problems.Add(DagValidator.Problems(dag));
        problems.Add(MapSourceCheck.Problems(dag, registry));
        problems.Add(TemplateValidator.Problems(dag, registry));
        problems.Add(BuiltInInputs.Problems(dag with { Tasks = [.. dag.Tasks.Where(IsReadable)] }));
        return problems.All.Count == 0 ? dag : null;
    }

    /// <summary>An input that was refused is missing; whether inputs go together is looked at when all are there.</summary>
    private bool IsReadable(DagTask task) => !problems.All.Any(problem => problem.Place.StartsWith($"task '{task.TaskId}'.", StringComparison.Ordinal));

    private JsonObject? FindRoot(JsonObject definition)
    {
        if (definition["root"] is not JsonObject root)
        {
            problems.Add("root", $"The document has no root activity. An Elsa 3 workflow definition has \"root\": {{\"type\": \"{ElsaMembers.FlowchartType}\", …}}.");
            return null;
        }
        if (root.Text("type") != ElsaMembers.FlowchartType)
        {
            problems.Add("root.type", $"The root is {Json.Shown(root["type"])}. A DAG's root is '{ElsaMembers.FlowchartType}'; sequences and state machines are no DAGs.");
            return null;
        }
        if (root["version"]?.ToJsonString() != "1")
            problems.Add("root.version", $"The version of the root flowchart is {Json.Shown(root["version"])}. Write \"version\": 1.");
        return root;
    }

    private DagSettings Settings(JsonObject root)
    {
        var known = SettingProperties.OfDags.Select(p => Json.CamelCase(p.Name)).ToList();
        foreach (var name in ElsaMembers.UnknownInputs(root, SettingProperties.OfDags, flowchart: true))
            problems.Add($"root.{name}", $"A DAG has no setting '{name}'.{Suggestion.For(name, known)} Its settings: {string.Join(", ", known)}.");
        return new InputReader(problems).ReadSettings<DagSettingInputs>(root, SettingProperties.OfDags, "root").ToSettings();
    }
}
