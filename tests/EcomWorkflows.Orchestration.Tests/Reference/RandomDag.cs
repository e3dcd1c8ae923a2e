using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Dags;

namespace EcomWorkflows.Orchestration.Tests.Reference;

/// <summary>Random DAGs with everything planning knows: all rules, branches, short circuits, mapping, setups and teardowns, groups, handlers.</summary>
internal sealed class RandomDag(Random random)
{
    public static readonly string[] Outcomes = ["a", "b", "c"];

    /// <summary>Pools the tasks may stand in, besides the default one; so narrow that they are always wanted by more than fit.</summary>
    public static readonly IReadOnlyDictionary<string, int> Pools = new Dictionary<string, int> { ["random_narrow"] = 3, ["random_wide"] = 12 };

    private readonly List<DagTask> tasks = [];
    private readonly List<DagEdge> edges = [];

    public Dag Build(string dagId, int size)
    {
        var reach = random.Next(2, Math.Max(3, size));
        for (var i = 0; i < size; i++)
            Add($"t{i}", reach);
        var dag = new Dag(
            dagId, dagId, null,
            new DagSettings { FailIfAnyFailed = random.Next(2) == 0, MaxActiveRuns = 100, MaxActiveTasks = Cap(1, 6), MaxActiveTasksPerRun = Cap(1, 5) },
            [new DagParam("list", "array", null, new JsonArray())],
            [.. tasks], [.. edges]);
        return random.Next(3) == 0 ? InGroup(dag) : dag;
    }

    private void Add(string taskId, int reach)
    {
        var above = tasks.Count == 0 || random.Next(8) == 0 ? [] : Pick(tasks.TakeLast(reach).ToList(), random.Next(1, 4));
        var isTeardown = above.Exists(t => t.Settings.IsSetup) && random.Next(3) == 0;
        var kind = isTeardown ? 0 : random.Next(20);
        foreach (var from in above)
            edges.Add(new DagEdge(from.TaskId, taskId, from.TaskType == ControlTasks.Branch && random.Next(6) > 0 ? Outcomes[random.Next(3)] : DagEdge.DonePort));
        if (above.Count > 0 && above[0].TaskType == ControlTasks.Branch && random.Next(5) == 0)
            edges.Add(new DagEdge(above[0].TaskId, taskId, Outcomes[random.Next(3)]));
        var rule = isTeardown || random.Next(2) == 0 ? TriggerRule.AllSuccess : Rules[random.Next(Rules.Length)];
        var settings = new TaskSettings
        {
            TriggerRule = rule,
            Retries = random.Next(3),
            RetryDelay = TimeSpan.FromSeconds(random.Next(2) * 60),
            InfraRetries = random.Next(3),
            IsSetup = !isTeardown && random.Next(7) == 0,
            IsTeardown = isTeardown,
            CountsForRun = random.Next(8) switch { 0 => true, 1 => false, _ => null },
            HandlesFailure = rule is TriggerRule.AllDone or TriggerRule.OneFailed or TriggerRule.AllFailed && random.Next(2) == 0,
            PriorityWeight = random.Next(1, 4),
            Pool = random.Next(12) switch { 0 => "random_narrow", 1 => "random_wide", _ => TaskSettings.DefaultPool },
            PoolSlots = random.Next(10) == 0 ? random.Next(1, 4) : 1,
            MaxActiveInstances = Cap(1, 4),
            MaxActiveInstancesPerRun = Cap(1, 3),
            MapOver = kind is > 2 and < 7 ? Source(above) : null,
        };
        tasks.Add(kind switch
        {
            0 when !isTeardown => new DagTask(taskId, ControlTasks.ShortCircuit, taskId, new JsonObject { [ControlTasks.RespectTriggerRules] = random.Next(2) == 0 }, settings),
            1 or 2 => new DagTask(taskId, ControlTasks.Branch, taskId, new JsonObject { ["outcomes"] = new JsonArray([.. Outcomes.Select(o => (JsonNode)o)]) }, settings),
            _ => new DagTask(taskId, "Test.Scripted", taskId, [], settings),
        });
    }

    /// <summary>Most have none.</summary>
    private int? Cap(int least, int most) => random.Next(12) == 0 ? random.Next(least, most + 1) : null;

    private static readonly TriggerRule[] Rules = Enum.GetValues<TriggerRule>();

    private string? Source(List<DagTask> above)
    {
        var lists = above.Where(t => t.TaskType == "Test.Scripted").ToList();
        return lists.Count > 0 && random.Next(4) > 0 ? $"{lists[random.Next(lists.Count)].TaskId}.items" : random.Next(3) == 0 ? "params.list" : null;
    }

    private List<DagTask> Pick(List<DagTask> from, int count) => [.. Enumerable.Range(0, count).Select(_ => from[random.Next(from.Count)]).Distinct()];

    /// <summary>Some consecutive tasks stand in a group; their ids say so.</summary>
    private Dag InGroup(Dag dag)
    {
        var first = random.Next(dag.Tasks.Count);
        var names = dag.Tasks.Select((t, i) => (t.TaskId, Name: i >= first && i < first + 4 ? "g." + t.TaskId : t.TaskId)).ToDictionary(p => p.TaskId, p => p.Name);
        return dag with
        {
            Tasks =
            [
                .. dag.Tasks.Select(t => t with
                {
                    TaskId = names[t.TaskId],
                    Group = names[t.TaskId] == t.TaskId ? null : "g",
                    Settings = t.Settings with
                    {
                        MapOver = t.Settings.MapOver is { } source && MapSource.Parse(source) is { TaskId: { } upstream } parsed ? $"{names[upstream]}.{parsed.Name}" : t.Settings.MapOver,
                    },
                }),
            ],
            Edges = [.. dag.Edges.Select(e => e with { From = names[e.From], To = names[e.To] })],
        };
    }
}
