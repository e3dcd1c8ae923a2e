using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Dags;
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

        var templates = new TemplateCheck(parameters.Select(p => p.Name).ToHashSet());
        var activities = Activities(root);
        var reader = new ActivityReader(registry, templates, problems);
        var tasks = activities.Select((activity, index) => reader.Read(activity, index)).OfType<DagTask>().ToList();
        var taskIds = activities
            .Where(activity => activity.Text("id") is { Length: > 0 })
            .GroupBy(activity => activity.Text("id")!)
            .ToDictionary(same => same.Key, same => ActivityReader.TaskId(same.First())!);
        var dag = new Dag(
            dagId is { Length: > 0 } ? dagId : "unknown",
            definition.Text("name") is { Length: > 0 } name ? name : dagId ?? "unknown",
            definition.Text("description") is { Length: > 0 } description ? description : null,
            Settings(root),
            parameters,
            tasks,
            new ConnectionReader(taskIds, problems).Read(root));
        problems.Add(DagValidator.Problems(dag));
        return problems.All.Count == 0 ? dag : null;
    }

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

    private List<JsonObject> Activities(JsonObject root)
    {
        if (root["activities"] is { } given and not JsonArray)
            problems.Add("root.activities", $"Expected a list of activities, found {Json.Shown(given)}.");
        var items = (root["activities"] as JsonArray) ?? [];
        foreach (var (item, index) in items.Select((item, index) => (item, index)).Where(found => found.item is not JsonObject))
            problems.Add($"root.activities[{index}]", $"Expected an activity, found {Json.Shown(item)}.");
        var activities = items.OfType<JsonObject>().ToList();
        foreach (var twice in activities.GroupBy(a => a.Text("id")).Where(same => same.Key is { Length: > 0 } && same.Count() > 1))
            problems.Add("root.activities", $"{twice.Count()} activities have the id '{twice.Key}'. Give each its own; connections refer to it.");
        return activities;
    }

    private DagSettings Settings(JsonObject root)
    {
        var known = SettingProperties.OfDags.Select(p => Json.CamelCase(p.Name)).ToList();
        foreach (var name in ElsaMembers.UnknownInputs(root, SettingProperties.OfDags, flowchart: true))
            problems.Add($"root.{name}", $"A DAG has no setting '{name}'.{Suggestion.For(name, known)} Its settings: {string.Join(", ", known)}.");
        return new InputReader(problems).ReadSettings<DagSettingInputs>(root, SettingProperties.OfDags, "root").ToSettings();
    }
}
