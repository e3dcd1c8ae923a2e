namespace EcomWorkflows.Orchestration.Dags;

/// <summary>Finds cycles between tasks.</summary>
internal static class DagCycles
{
    /// <summary>Cycles that share no task, each as its tasks in order, starting with the smallest id; empty for an acyclic graph.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Find(IEnumerable<(string From, string To)> edges)
    {
        var graph = edges.Distinct().ToList();
        var cycles = new List<IReadOnlyList<string>>();
        while (Trim(graph) is { Count: > 0 } cyclic)
        {
            var next = cyclic.GroupBy(e => e.From).ToDictionary(g => g.Key, g => g.Select(e => e.To).Min(StringComparer.Ordinal)!);
            var cycle = Walk(next, next.Keys.Min(StringComparer.Ordinal)!);
            cycles.Add(cycle);
            var reported = cycle.ToHashSet();
            graph = [.. cyclic.Where(e => !reported.Contains(e.From) && !reported.Contains(e.To))];
        }
        return cycles;
    }

    /// <summary>Drops, again and again, edges into tasks that lead nowhere; what remains can be walked for ever.</summary>
    private static List<(string From, string To)> Trim(List<(string From, string To)> edges)
    {
        var into = edges.ToLookup(e => e.To, e => e.From);
        var outgoing = edges.GroupBy(e => e.From).ToDictionary(g => g.Key, g => g.Count());
        var dead = new Stack<string>(edges.Select(e => e.To).Distinct().Where(task => !outgoing.ContainsKey(task)));
        while (dead.TryPop(out var task))
        {
            foreach (var upstream in into[task])
            {
                if (--outgoing[upstream] == 0)
                    dead.Push(upstream);
            }
        }
        return [.. edges.Where(e => outgoing.GetValueOrDefault(e.From) > 0 && outgoing.GetValueOrDefault(e.To) > 0)];
    }

    private static List<string> Walk(Dictionary<string, string> next, string start)
    {
        var path = new List<string>();
        var position = new Dictionary<string, int>();
        for (var task = start; ; task = next[task])
        {
            if (position.TryGetValue(task, out var first))
            {
                var cycle = path[first..];
                var smallest = cycle.IndexOf(cycle.Min(StringComparer.Ordinal)!);
                return [.. cycle[smallest..], .. cycle[..smallest]];
            }
            position[task] = path.Count;
            path.Add(task);
        }
    }
}
