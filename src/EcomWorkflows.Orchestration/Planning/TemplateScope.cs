using EcomWorkflows.Orchestration.Dags;

namespace EcomWorkflows.Orchestration.Planning;

/// <summary>What the templates of one task may name, known when its DAG is imported.</summary>
/// <param name="ParamNames">Parameters the DAG declares.</param>
/// <param name="UpstreamOutputs">Output names of each task that comes before this one, in camel case.</param>
/// <param name="OtherTasks">Tasks of the DAG that do not come before this one.</param>
/// <param name="IsMapped">Whether the task has one instance per element of a list.</param>
public sealed record TemplateScope(
    IReadOnlyCollection<string> ParamNames,
    IReadOnlyDictionary<string, IReadOnlyList<string>> UpstreamOutputs,
    IReadOnlySet<string> OtherTasks,
    bool IsMapped)
{
    /// <summary>Everything wrong with the templates of a text.</summary>
    public IReadOnlyList<string> Problems(string text)
    {
        var parts = TemplateParser.Parse(text, out var malformed);
        return malformed is not null
            ? [malformed]
            : [.. parts.OfType<TemplatePart.Expression>().SelectMany(Problems).Distinct()];
    }

    private IEnumerable<string> Problems(TemplatePart.Expression expression)
    {
        if (expression.Head is TemplateHead.Name name && NameProblem(name.Path) is { } problem)
            yield return $"{expression.Source} {problem}";
        foreach (var filter in expression.Filters)
        {
            if (!TemplateFilters.TryFind(filter.Name, out var known))
            {
                var names = TemplateFilters.All.Select(f => f.Name).ToList();
                yield return $"{expression.Source} uses an unknown filter '{filter.Name}'.{Suggestion.For(filter.Name, names)} Filters: {string.Join(", ", names)}";
            }
            else if (known!.Problem(filter.Arguments) is { } wrong)
            {
                yield return $"{expression.Source}: {wrong}";
            }
        }
    }

    private string? NameProblem(string path) => TemplateName.Read(path) switch
    {
        TemplateName.Param param when !ParamNames.Contains(param.Name) =>
            $"names a parameter the DAG does not declare; declared: {List(ParamNames)}.{Suggestion.For(param.Name, ParamNames)}",
        TemplateName.MapItem or TemplateName.Fact { Name: "map_index" } when !IsMapped => "can be used only in a mapped task",
        TemplateName.Output output => OutputProblem(output),
        TemplateName.Connection { Field: var field } when !field.StartsWith("extra.", StringComparison.Ordinal) && !TemplateName.ConnectionFields.Contains(field) =>
            $"names an unknown field '{field}' of a connection.{Suggestion.For(field, TemplateName.ConnectionFields)} Fields: {List(TemplateName.ConnectionFields)}, extra.<name>",
        null => Unknown(path),
        _ => null,
    };

    private string? OutputProblem(TemplateName.Output output)
    {
        if (UpstreamOutputs.TryGetValue(output.TaskId, out var declared))
        {
            return declared.Contains(output.Name, StringComparer.Ordinal)
                ? null
                : $"names an output that task '{output.TaskId}' does not have; its outputs: {List(declared)}.{Suggestion.For(output.Name, declared)}";
        }
        return OtherTasks.Contains(output.TaskId)
            ? $"reads task '{output.TaskId}', which does not come before this one. Connect it so that it does"
            : $"names a task the DAG does not have.{Suggestion.For(output.TaskId, UpstreamOutputs.Keys)} Tasks before this one: {List(UpstreamOutputs.Keys)}";
    }

    private static string Unknown(string path)
    {
        var simple = TemplateName.Simple.Select(s => s.Name).ToList();
        return $"is unknown.{Suggestion.For(path, simple)} Allowed: {string.Join(", ", simple)}, map_item, params.<name>, tasks.<id>.outputs.<name>, var.<name>, conn.<name>.<field>";
    }

    private static string List(IEnumerable<string> names) => string.Join(", ", names.Order(StringComparer.Ordinal)) is { Length: > 0 } list ? list : "none";
}
