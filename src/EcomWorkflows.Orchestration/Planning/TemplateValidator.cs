using System.Text.Json;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.Planning;

/// <summary>Checks the templates of a whole DAG when it is imported: names, upstreams, declared outputs, filters.</summary>
public static class TemplateValidator
{
    public static IEnumerable<DagProblem> Problems(Dag dag, TaskRegistry registry)
    {
        var tasks = dag.Tasks.DistinctBy(t => t.TaskId).ToDictionary(t => t.TaskId, StringComparer.Ordinal);
        var upstream = dag.Edges.ToLookup(e => e.To, e => e.From, StringComparer.Ordinal);
        var paramNames = dag.Params.Select(p => p.Name).Distinct().ToList();
        foreach (var task in tasks.Values)
        {
            if (!task.Inputs.Any(input => Templates.Texts(input.Value).Any(HasTemplate)))
                continue;
            var before = Ancestors(task.TaskId, upstream);
            var scope = new TemplateScope(
                paramNames,
                tasks.Values.Where(t => before.Contains(t.TaskId)).ToDictionary(t => t.TaskId, t => Outputs(t, registry), StringComparer.Ordinal),
                tasks.Keys.Where(id => !before.Contains(id)).ToHashSet(StringComparer.Ordinal),
                IsMapped: task.Settings.MapOver is not null);
            foreach (var (name, value) in task.Inputs)
            {
                if (IsCode(task, name, registry) && Templates.Texts(value).Any(HasTemplate))
                {
                    yield return new DagProblem($"task '{task.TaskId}'.{name}", $"'{name}' takes no templates: a value inside code could change what the code does. Pass it beside the code (parameters, environment).");
                    continue;
                }
                foreach (var problem in Templates.Texts(value).SelectMany(scope.Problems).Distinct())
                    yield return new DagProblem($"task '{task.TaskId}'.{name}", problem.EndsWith('?') ? problem : problem.TrimEnd('.') + ".");
            }
        }
    }

    public static bool HasTemplate(string text) => text.Contains("{{", StringComparison.Ordinal) || text.Contains("}}", StringComparison.Ordinal);

    private static IReadOnlyList<string> Outputs(DagTask task, TaskRegistry registry) =>
        registry.TryFind(task.TaskType, out var descriptor) ? [.. descriptor.Outputs.Select(o => JsonNamingPolicy.CamelCase.ConvertName(o.Name))] : [];

    private static bool IsCode(DagTask task, string input, TaskRegistry registry) =>
        registry.TryFind(task.TaskType, out var descriptor)
        && descriptor.Inputs.Any(i => i.NoTemplates && JsonNamingPolicy.CamelCase.ConvertName(i.Name) == input);

    private static HashSet<string> Ancestors(string taskId, ILookup<string, string> upstream)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Queue<string>(upstream[taskId]);
        while (open.TryDequeue(out var next))
        {
            if (seen.Add(next))
                upstream[next].ToList().ForEach(open.Enqueue);
        }
        return seen;
    }
}
