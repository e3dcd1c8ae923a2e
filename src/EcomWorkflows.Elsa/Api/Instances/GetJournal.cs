using EcomWorkflows.Elsa.Definitions;
using EcomWorkflows.Orchestration.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EcomWorkflows.Elsa.Api.Instances;

/// <summary><c>POST /workflow-instances/{id}/journal</c>: the run's events, oldest first.</summary>
internal static class GetJournal
{
    private const int DefaultTake = 100;
    private const int MaxTake = 10_000;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/workflow-instances/{id}/journal", HandleAsync);

    private static async Task<IResult> HandleAsync(
        string id, int? skip, int? take, Request? request, InstanceViews views, RunSearch search, DagStore dags, RunJournal journal, JournalRecords records,
        CancellationToken cancellationToken)
    {
        if (skip is < 0)
            throw new DefinitionRefusedException("skip", $"skip is {skip}; it starts at 0.");
        if (take is < 0 or > MaxTake)
            throw new DefinitionRefusedException("take", $"take is {take}; allowed are 0 to {MaxTake}.");
        var run = await search.GetAsync(InstanceId.Parse(id), cancellationToken);
        var nodes = await views.NodesAsync(run, cancellationToken);
        var graph = await dags.GraphAsync(run.DagId, run.DagVersion, cancellationToken);
        var (entries, total) = await journal.PageAsync(run.RunId, Choose(request?.Filter, nodes), take ?? DefaultTake, skip ?? 0, cancellationToken);
        return TypedResults.Ok(new InstancePage<JournalRecord>([.. entries.Select(e => records.From(e, run, graph, nodes))], total));
    }

    private static JournalFilter Choose(Filter? filter, DagNodes nodes)
    {
        var shown = nodes.All
            .Where(n => filter?.ActivityIds is null || filter.ActivityIds.Contains(n.ActivityId))
            .Where(n => filter?.ActivityNodeIds is null || filter.ActivityNodeIds.Contains(n.NodeId))
            .Where(n => filter?.ExcludedActivityTypes?.Contains(n.Type) != true)
            .ToList();
        var all = filter is null or { ActivityIds: null, ActivityNodeIds: null, ExcludedActivityTypes: null };
        // The node of a group stands for nothing that happens by itself; its tasks are asked for by their own node ids.
        return new JournalFilter(
            all ? null : [.. shown.Select(n => n.TaskId).OfType<string>()],
            all || (shown.Contains(nodes.Root) && filter?.ExcludedActivityTypes?.Contains(ElsaMembers.FlowchartType) != true),
            filter?.EventNames?.SelectMany(JournalNames.Kinds).ToList());
    }

    internal sealed record Request(Filter? Filter);

    internal sealed record Filter(
        IReadOnlyList<string>? ActivityIds, IReadOnlyList<string>? ActivityNodeIds, IReadOnlyList<string>? ExcludedActivityTypes, IReadOnlyList<string>? EventNames);
}
