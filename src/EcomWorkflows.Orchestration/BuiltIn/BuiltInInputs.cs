using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Inputs of built-in tasks that mean nothing, or not together; what a template gives is known only when the task runs, and is looked at then.</summary>
public static class BuiltInInputs
{
    /// <summary>Everything of the kind in a DAG, with its place.</summary>
    public static IEnumerable<DagProblem> Problems(Dag dag) =>
        from task in dag.Tasks.DistinctBy(t => t.TaskId)
        from problem in Problems(task)
        select new DagProblem($"task '{task.TaskId}'.{problem.Input}", problem.Message);

    private static IEnumerable<(string Input, string Message)> Problems(DagTask task) => task.TaskType switch
    {
        ApprovalTask.TypeName => Approval(task.Inputs),
        ControlTasks.Branch => Branch(task.Inputs),
        WaitTask.TypeName => Wait(task.Inputs),
        SqlTask.TypeName or SqlSensorTask.TypeName => Sql(task.Inputs),
        _ => [],
    };

    private static IEnumerable<(string Input, string Message)> Approval(JsonObject inputs)
    {
        var given = inputs.ContainsKey("options") ? Fixed(inputs["options"])?.Deserialize<List<string>>(TaskJson.Options) : [ApprovalTask.Approve, ApprovalTask.Reject];
        if (given is not { } options)
            yield break;
        if (options.Count == 0 || options.Any(string.IsNullOrWhiteSpace))
            yield return ("options", "There is no answer to choose from, or an empty one. Name at least one, or leave options out for approve and reject.");
        else if (Fixed(inputs["onTimeout"]) is { } choice && NotAmong(ApprovalTask.OnTimeouts(options), choice) is { } problem)
            yield return ("onTimeout", problem);
    }

    private static IEnumerable<(string Input, string Message)> Branch(JsonObject inputs)
    {
        var outcomes = Fixed(inputs["outcomes"])?.Deserialize<List<string>>(TaskJson.Options);
        if (outcomes is not null && Fixed(inputs["otherwise"]) is { } choice && !string.IsNullOrEmpty(choice.GetValue<string>()) && NotAmong(outcomes, choice) is { } problem)
            yield return ("otherwise", problem);
    }

    private static IEnumerable<(string Input, string Message)> Wait(JsonObject inputs)
    {
        // One of two templates may give nothing.
        if (!inputs.ContainsKey("seconds") && !inputs.ContainsKey("until"))
            yield return ("seconds", $"{WaitTask.Choice} Found neither.");
        else if (Fixed(inputs["seconds"]) is not null && Fixed(inputs["until"]) is not null)
            yield return ("seconds", $"{WaitTask.Choice} Found both.");
    }

    private static IEnumerable<(string Input, string Message)> Sql(JsonObject inputs)
    {
        if (inputs["sql"] is { } sql && SqlText.TransactionEnd(sql.GetValue<string>()) is { } end)
            yield return ("sql", $"The SQL holds {end}. {SqlText.Rule}");
    }

    private static string? NotAmong(IReadOnlyList<string> allowed, JsonNode choice)
    {
        var name = choice.GetValue<string>();
        return allowed.Contains(name, StringComparer.Ordinal) ? null : $"'{name}' is not allowed: use one of {string.Join(", ", allowed)}.{Suggestion.For(name, allowed)}";
    }

    /// <summary>The value where it is there and holds no template.</summary>
    private static JsonNode? Fixed(JsonNode? value) => Templates.Texts(value).Any(TemplateValidator.HasTemplate) ? null : value;
}
