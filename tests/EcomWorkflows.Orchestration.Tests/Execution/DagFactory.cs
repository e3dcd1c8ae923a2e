using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Dags;

namespace EcomWorkflows.Orchestration.Tests.Execution;

/// <summary>Small DAGs for tests: <c>"a>b,c; b>d; c>d"</c>.</summary>
internal static class DagFactory
{
    public static Dag Make(string edges, TaskSettings? settings = null, Func<string, TaskSettings?>? of = null, DagSettings? dag = null, params DagParam[] parameters)
    {
        var pairs = edges.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(e => e.Split('>', StringSplitOptions.TrimEntries)).ToList();
        var tasks = pairs.SelectMany(p => p).SelectMany(p => p.Split(',', StringSplitOptions.TrimEntries)).Distinct().ToList();
        var fast = settings ?? new TaskSettings { RetryDelay = TimeSpan.FromMilliseconds(100) };
        return new Dag(
            $"dag_{Guid.NewGuid():n}", "test", null, dag ?? new DagSettings(), parameters,
            [.. tasks.Select(t => new DagTask(t, "Test.Scripted", t, new JsonObject(), of?.Invoke(t) ?? fast))],
            [.. pairs.Where(p => p.Length == 2).SelectMany(p => p[1].Split(',', StringSplitOptions.TrimEntries).Select(to => new DagEdge(p[0], to)))]);
    }
}
