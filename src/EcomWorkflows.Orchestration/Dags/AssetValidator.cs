using EcomWorkflows.Orchestration.Planning;

namespace EcomWorkflows.Orchestration.Dags;

/// <summary>What can be wrong with the assets a DAG writes, reads and waits for.</summary>
internal static class AssetValidator
{
    public static IEnumerable<DagProblem> Problems(Dag dag)
    {
        foreach (var problem in ScheduleProblems(dag.Settings))
            yield return problem;
        foreach (var task in dag.Tasks)
        {
            foreach (var problem in Names(dag, task, "outlets", task.Settings.Outlets).Concat(Names(dag, task, "inlets", task.Settings.Inlets)))
                yield return problem;
        }
    }

    private static IEnumerable<DagProblem> ScheduleProblems(DagSettings settings)
    {
        if (settings.PauseAfterFailures is < 1 or > 1000)
            yield return new DagProblem("root.pauseAfterFailures", $"{settings.PauseAfterFailures} is out of range. Use 1 to 1000, or leave it out for never.");
        if (settings.AssetSchedule is { } text && Unreadable(text) is { } problem)
            yield return new DagProblem("root.assetSchedule", $"{problem}. Write for example 'orders & customers', or 'orders | (customers & products)'.");
        if (settings is { AssetSchedule: not null, Schedule.Count: > 0, AssetOrTime: false })
            yield return new DagProblem("root.assetOrTime", "The DAG has a schedule and an asset schedule. Set assetOrTime to true to run by both, or remove one of them.");
        if (settings.AssetOrTime && (settings.AssetSchedule is null || settings.Schedule.Count == 0))
            yield return new DagProblem("root.assetOrTime", "assetOrTime needs both a schedule and an asset schedule. Give both, or set it to false.");
    }

    private static string? Unreadable(string text)
    {
        try
        {
            AssetExpression.Parse(text);
            return null;
        }
        catch (FormatException failure)
        {
            return failure.Message;
        }
    }

    private static IEnumerable<DagProblem> Names(Dag dag, DagTask task, string setting, IReadOnlyList<string> names)
    {
        var place = $"task '{task.TaskId}'.{setting}";
        foreach (var name in names)
        {
            var unknown = AssetName.Params(name).Where(p => dag.Params.All(d => d.Name != p)).ToList();
            foreach (var param in unknown)
                yield return new DagProblem(place, $"'{name}' names the parameter '{param}', which the DAG does not have. Declare it, or remove it from the name.");
            // With any value in its place the rest must be a name.
            if (unknown.Count == 0 && AssetName.Resolve(name, new(dag.Params.Select(p => KeyValuePair.Create(p.Name, (System.Text.Json.Nodes.JsonNode?)"x")))) is null)
                yield return new DagProblem(place, $"'{name}' cannot be an asset's name. Use {AssetName.Allowed}; {{{{ params.NAME }}}} stands for a parameter.");
        }
        foreach (var twice in names.GroupBy(n => n).Where(g => g.Count() > 1))
            yield return new DagProblem(place, $"'{twice.Key}' is named {twice.Count()} times. Name it once.");
    }
}
