using System.Collections;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Elsa.Definitions;

/// <summary>Checks that the outputs which tasks are mapped over exist and can be lists.</summary>
internal static class MapSourceCheck
{
    public static IEnumerable<DagProblem> Problems(Dag dag, TaskRegistry registry)
    {
        foreach (var task in dag.Tasks)
        {
            if (task.Settings.MapOver is not { } given || MapSource.Parse(given) is not { TaskId: { } sourceId } source
                || !dag.Edges.Any(e => e.From == sourceId && e.To == task.TaskId) || dag.Tasks.FirstOrDefault(t => t.TaskId == sourceId) is not { } upstream || !registry.TryFind(upstream.TaskType, out var descriptor))
                continue;
            var place = $"task '{task.TaskId}'.mapOver";
            var known = descriptor.Outputs.Select(o => Json.CamelCase(o.Name)).ToList();
            var output = descriptor.Outputs.FirstOrDefault(o => Json.CamelCase(o.Name) == source.Name);
            if (output is null)
            {
                yield return new DagProblem(
                    place,
                    $"{descriptor.Name} ('{sourceId}') has no output '{source.Name}'.{Suggestion.For(source.Name, known)} Its outputs: {(known.Count == 0 ? "none" : string.Join(", ", known))}.");
            }
            else if (upstream.Settings.MapOver is null && CannotBeList(output.Type))
            {
                yield return new DagProblem(place, $"The output '{source.Name}' of '{sourceId}' is no list. Map over a list, or over an output of a mapped task.");
            }
        }
    }

    private static bool CannotBeList(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain.IsPrimitive || plain.IsEnum || plain == typeof(string) || plain == typeof(decimal) || plain == typeof(DateTimeOffset)
            || (plain.IsClass && !typeof(IEnumerable).IsAssignableFrom(plain) && plain != typeof(object) && plain != typeof(JsonNode));
    }
}
