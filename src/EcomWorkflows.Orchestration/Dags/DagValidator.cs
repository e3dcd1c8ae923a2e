using System.Text.RegularExpressions;
using EcomWorkflows.Orchestration.Scheduling;

namespace EcomWorkflows.Orchestration.Dags;

/// <summary>Says everything that is wrong with a DAG as such, whatever format it was written in.</summary>
public static partial class DagValidator
{
    /// <summary>What a message about a bad id says is allowed.</summary>
    public const string AllowedId = "1 to 250 letters, digits, '_', '-' or '.', not '.' or '..' alone";

    /// <summary>All problems at once; empty for a DAG that can run.</summary>
    public static IReadOnlyList<DagProblem> Problems(Dag dag) =>
    [
        .. Identity(dag),
        .. Parameters(dag),
        .. Schedule(dag.Settings),
        .. DagLimits(dag.Settings),
        .. AssetValidator.Problems(dag),
        .. dag.Tasks.DistinctBy(t => t.TaskId).SelectMany(TaskSettingsValidator.Problems),
        .. dag.Tasks.DistinctBy(t => t.TaskId).SelectMany(RetryRuleValidator.Problems),
        .. CallbackValidator.Problems(dag),
        .. Graph(dag),
        .. Groups(dag),
        .. dag.Tasks.Where(t => t.Settings.MapOver is not null).DistinctBy(t => t.TaskId).SelectMany(t => Mapping(dag, t)),
    ];

    public static bool IsId(string id) => IdPattern().IsMatch(id);

    private static IEnumerable<DagProblem> Identity(Dag dag)
    {
        if (!IsId(dag.DagId))
            yield return new DagProblem("dag id", $"'{dag.DagId}' cannot be a DAG id. Use {AllowedId}.");
        if (dag.Tasks.Count == 0)
            yield return new DagProblem("root.activities", "The DAG has no tasks. Add at least one.");
        foreach (var task in dag.Tasks.Select(t => t.TaskId).Distinct().Where(id => !IsId(id)))
            yield return new DagProblem($"task '{task}'", $"'{task}' cannot be a task id. Use {AllowedId}.");
        foreach (var twice in dag.Tasks.GroupBy(t => t.TaskId).Where(g => g.Count() > 1))
            yield return new DagProblem($"task '{twice.Key}'", $"{twice.Count()} tasks have the id '{twice.Key}'. Give each task of a DAG its own.");
    }

    private static IEnumerable<DagProblem> Parameters(Dag dag)
    {
        foreach (var name in dag.Params.Select(p => p.Name).Where(name => !ParamPattern().IsMatch(name)))
            yield return new DagProblem($"param '{name}'", $"'{name}' cannot be a parameter's name. Use letters, digits and '_', not starting with a digit.");
        foreach (var twice in dag.Params.GroupBy(p => p.Name).Where(g => g.Count() > 1))
            yield return new DagProblem($"param '{twice.Key}'", $"{twice.Count()} parameters have the name '{twice.Key}'. Give each its own.");
        foreach (var none in dag.Params.Where(p => p.Allowed is []))
            yield return new DagProblem($"param '{none.Name}'.enum", "The list of allowed values is empty, so no run could give one. Name at least one, or leave the list out.");
        foreach (var misfit in dag.Params.Where(p => p is { Allowed.Count: > 0, Default: not null } && !p.Allows(p.Default)))
            yield return new DagProblem($"variable '{misfit.Name}'.value", $"The default {misfit.Default!.ToReadableText()} of parameter '{misfit.Name}' is none of its allowed values: {misfit.AllowedText}. Choose one, or add it to them.");
    }

    private static IEnumerable<DagProblem> Schedule(DagSettings settings)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(settings.TimeZone, out var zone))
            yield return new DagProblem("root.timeZone", $"'{settings.TimeZone}' is not a known time zone. Use an IANA name such as 'UTC' or 'Europe/Berlin'.");
        foreach (var schedule in settings.Schedule)
        {
            if (!ScheduleText.TryParse(schedule, settings, zone ?? TimeZoneInfo.Utc, out _, out var problem))
                yield return new DagProblem("root.schedule", $"{problem}. Use {ScheduleText.Allowed}; several are separated by '|'.");
        }
        if (settings is { StartDate: { } start, EndDate: { } end } && end <= start)
            yield return new DagProblem("root.endDate", $"The end date {end:O} is not after the start date {start:O}.");
    }

    private static IEnumerable<DagProblem> DagLimits(DagSettings settings)
    {
        if (settings.MaxActiveRuns is < 1 or > 10_000)
            yield return new DagProblem("root.maxActiveRuns", $"{settings.MaxActiveRuns} is out of range. Use 1 to 10000.");
        if (settings.MaxActiveTasks is < 1 or > 100_000)
            yield return new DagProblem("root.maxActiveTasks", $"{settings.MaxActiveTasks} is out of range. Use 1 to 100000, or leave it out for no cap.");
        if (settings.MaxActiveTasksPerRun is < 1 or > 100_000)
            yield return new DagProblem("root.maxActiveTasksPerRun", $"{settings.MaxActiveTasksPerRun} is out of range. Use 1 to 100000, or leave it out for no cap.");
        if (settings.RunTimeout is { } limit && (limit <= TimeSpan.Zero || limit > TimeSpan.FromDays(365)))
            yield return new DagProblem("root.runTimeoutSeconds", $"{limit.TotalSeconds} is out of range. Use more than 0, at most 31536000 (a year), or leave it out for no limit.");
    }

    private static IEnumerable<DagProblem> Graph(Dag dag)
    {
        var known = dag.Tasks.Select(t => t.TaskId).ToHashSet();
        foreach (var edge in dag.Edges)
        {
            foreach (var missing in new[] { edge.From, edge.To }.Distinct().Where(id => !known.Contains(id)))
                yield return new DagProblem($"edge '{edge.From}' → '{edge.To}'", $"There is no task '{missing}'. Remove the edge or add the task.");
            if (edge.From == edge.To)
                yield return new DagProblem($"task '{edge.From}'", $"'{edge.From}' depends on itself. Remove that edge.");
        }
        foreach (var cycle in DagCycles.Find(dag.Edges.Where(e => e.From != e.To && known.Contains(e.From) && known.Contains(e.To)).Select(e => (e.From, e.To))))
            yield return new DagProblem("edges", $"The tasks form a cycle: {string.Join(" → ", cycle.Append(cycle[0]))}. Remove one of these edges.");
    }

    private static IEnumerable<DagProblem> Groups(Dag dag)
    {
        var groups = new TaskGroups(dag);
        foreach (var task in dag.Tasks.Where(t => t.Group is not null && !t.TaskId.StartsWith(t.Group + ".", StringComparison.Ordinal)))
            yield return new DagProblem($"task '{task.TaskId}'", $"A task of group '{task.Group}' has an id that begins with '{task.Group}.'. Rename the task.");
        var clashes = dag.Tasks.Select(t => t.TaskId).Intersect(groups.All).ToList();
        foreach (var clash in clashes)
            yield return new DagProblem($"task '{clash}'", $"'{clash}' is the id of a task and of a task group. Rename one of them.");
        foreach (var problem in clashes.Count == 0 ? groups.Problems() : [])
            yield return problem;
    }

    private static IEnumerable<DagProblem> Mapping(Dag dag, DagTask task)
    {
        var place = $"task '{task.TaskId}'.mapOver";
        var given = task.Settings.MapOver!;
        if (dag.Edges.Any(e => e.From == task.TaskId && e.Port != DagEdge.DonePort) || task.TaskType is ControlTasks.Branch or ControlTasks.ShortCircuit)
            yield return new DagProblem(place, $"'{task.TaskId}' decides which tasks run next and cannot be mapped. Leave mapOver out.");
        switch (MapSource.Parse(given))
        {
            case null:
                yield return new DagProblem(place, $"'{given}' names no list. Write '<upstream task id>.<output name>' or 'params.<name>'.");
                break;
            case { TaskId: null, Name: var name } when dag.Params.All(p => p.Name != name):
                yield return new DagProblem(place, $"The DAG declares no parameter '{name}'. Declare one of type array.");
                break;
            case { TaskId: null, Name: var name } when dag.Params.First(p => p.Name == name).Type is not "array":
                yield return new DagProblem(place, $"The parameter '{name}' is of type {dag.Params.First(p => p.Name == name).Type}. Make it an array.");
                break;
            case { TaskId: { } source } when dag.Tasks.All(t => t.TaskId != source):
                yield return new DagProblem(place, $"There is no task '{source}'. Name a task that has an edge to '{task.TaskId}'.");
                break;
            case { TaskId: { } source } when !dag.Edges.Any(e => e.From == source && e.To == task.TaskId):
                yield return new DagProblem(place, $"'{task.TaskId}' maps over an output of '{source}', but does not depend on it. Draw an edge from '{source}' to '{task.TaskId}'.");
                break;
        }
    }

    [GeneratedRegex(@"^(?!\.{1,2}\z)[A-Za-z0-9_.-]{1,250}\z")]
    private static partial Regex IdPattern();

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]{0,249}\z")]
    private static partial Regex ParamPattern();
}
