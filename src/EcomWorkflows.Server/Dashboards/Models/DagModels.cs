using EcomWorkflows.Elsa.Definitions;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Scheduling;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Server.Api;

namespace EcomWorkflows.Server.Dashboards.Models;

/// <summary>Reads what the pages about DAGs show.</summary>
internal sealed class DagModels(DagStore dags, RunOverview overview, NodeStore nodes, TimeProvider time)
{
    private const int ListedDags = 100;
    private const int ListedRuns = 15;
    private const int GridRuns = 25;
    private const int ListedFireTimes = 5;
    private const int PreviewedFireTimes = 20;

    /// <param name="search">Part of the id; null or empty for all.</param>
    /// <param name="after">Only DAGs whose id comes after this one; null starts with the first.</param>
    public async Task<DagListModel> ListAsync(string? search, string? after, string? notice, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var fitting = (await dags.ListAsync(cancellationToken))
            .Where(d => string.IsNullOrWhiteSpace(search) || d.DagId.Contains(search.Trim(), StringComparison.OrdinalIgnoreCase))
            .OrderBy(d => d.DagId, StringComparer.Ordinal)
            .ToList();
        var rest = fitting.SkipWhile(d => string.CompareOrdinal(d.DagId, after ?? "") <= 0).ToList();
        var shown = rest.Take(ListedDags).ToList();
        var newest = await overview.NewestAsync([.. shown.Select(d => d.DagId)], ListedRuns, cancellationToken);
        var rows = new List<DagRow>();
        foreach (var info in shown)
            rows.Add(Row(info, (await dags.GraphAsync(info.DagId, info.CurrentVersion, cancellationToken)).Dag, [.. newest[info.DagId]], now));
        var errors = await dags.ImportErrorsAsync(cancellationToken);
        return new DagListModel(
            rows, fitting.Count, search, rest.Count > shown.Count ? shown[^1].DagId : null,
            [.. errors, .. rows.Select(row => StoredSchedule.Error(row.Info, row.Dag, errors)).OfType<ImportError>()], await nodes.AliveAsync(cancellationToken), now, notice);
    }

    public async Task<DagModel> GetAsync(string dagId, string? notice, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var info = await dags.GetAsync(dagId, cancellationToken);
        var graph = await dags.GraphAsync(dagId, info.CurrentVersion, cancellationToken);
        var (runs, _) = await overview.PageAsync(dagId, [], oldestFirst: false, GridRuns, 0, cancellationToken);
        var instances = await overview.InstancesAsync([.. runs.Select(r => r.RunId)], cancellationToken);
        var drawn = CanvasPlaces.Read(await dags.DocumentAsync(dagId, info.CurrentVersion, cancellationToken));
        var picture = GraphPicture.Draw(
            graph.Dag, GraphPlaces.Of(graph.Dag, drawn), (task, x, y) => new GraphNode(task.TaskId, task.DisplayName, task.TaskType, x, y, State: null, Progress: null, Address: null));
        var schedule = DagSchedule.Read(graph.Dag.Settings, out var problem);
        return new DagModel(
            Row(info, graph.Dag, runs, now),
            picture,
            graph.TopologicalOrder,
            instances.SelectMany(i => i).GroupBy(i => (i.RunId, i.TaskId)).ToDictionary(i => i.Key, i => Mapped.MostTelling(i)),
            await dags.VersionsAsync(dagId, cancellationToken),
            [.. FireTimes(schedule, now).Take(ListedFireTimes)],
            problem,
            now,
            notice);
    }

    public async Task<ScheduleModel> ScheduleAsync(string dagId, CancellationToken cancellationToken)
    {
        var info = await dags.GetAsync(dagId, cancellationToken);
        var settings = (await dags.GraphAsync(dagId, info.CurrentVersion, cancellationToken)).Dag.Settings;
        var schedule = DagSchedule.Read(settings, out var problem);
        return new ScheduleModel(
            dagId, info.IsPaused, ScheduleWords.Describe(settings), string.Join(" | ", settings.Schedule), schedule?.TimeZone ?? TimeZoneInfo.Utc,
            [.. (schedule?.Upcoming(time.GetUtcNow()) ?? []).Take(PreviewedFireTimes)], problem);
    }

    private static DagRow Row(DagInfo info, Dag dag, IReadOnlyList<RunInfo> runs, DateTimeOffset now)
    {
        var next = info.IsPaused || !info.IsActive ? null : DagSchedule.Read(dag.Settings, out _)?.NextAfter(now);
        return new DagRow(info, dag, runs, ScheduleWords.Describe(dag.Settings), next, dag.Params.All(p => p.Default is not null));
    }

    private static IEnumerable<DateTimeOffset> FireTimes(DagSchedule? schedule, DateTimeOffset now)
    {
        for (var next = schedule?.NextAfter(now); next is { } at; next = schedule!.NextAfter(at))
            yield return at;
    }
}
