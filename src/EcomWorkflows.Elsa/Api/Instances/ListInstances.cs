using System.Globalization;
using EcomWorkflows.Orchestration.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EcomWorkflows.Elsa.Api.Instances;

/// <summary><c>POST /workflow-instances</c>: runs by every filter Studio has, newest first unless asked otherwise.</summary>
internal static class ListInstances
{
    private const int DefaultPageSize = 50;
    private const int MaxPageSize = 1000;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/workflow-instances", HandleAsync);

    private static async Task<IResult> HandleAsync(Request? request, RunSearch search, CancellationToken cancellationToken)
    {
        request ??= new Request();
        var size = request.PageSize ?? DefaultPageSize;
        if (size is < 1 or > MaxPageSize)
            throw new DefinitionRefusedException("pageSize", $"pageSize is {size}; allowed are 1 to {MaxPageSize}.");
        if (request.Page is < 0)
            throw new DefinitionRefusedException("page", $"page is {request.Page}; it starts at 0.");
        if (Filter(request) is not { } filter)
            return TypedResults.Ok(new InstancePage<InstanceSummary>([], 0));
        var (runs, total) = await search.PageAsync(filter, Order(request), size, checked((request.Page ?? 0) * size), cancellationToken);
        return TypedResults.Ok(new InstancePage<InstanceSummary>([.. runs.Select(InstanceSummary.From)], total));
    }

    /// <summary>The search that is asked for; null where nothing can fit.</summary>
    private static RunFilter? Filter(Request request)
    {
        var situations = InstanceStatus.Situations(Join(request.Statuses, request.Status), Join(request.SubStatuses, request.SubStatus));
        DateTimeOffset? logicalDate = null;
        if (request.CorrelationId is { Length: > 0 } correlation)
        {
            if (!DateTimeOffset.TryParse(correlation, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date))
                return null;
            logicalDate = date;
        }
        if (situations is { Count: 0 } || request.IsSystem == true)
            return null;
        return new RunFilter
        {
            Text = request.SearchTerm?.Trim(),
            DagIds = Join(request.DefinitionIds, request.DefinitionId),
            DagVersion = request.Version,
            LogicalDate = logicalDate,
            HasIncidents = request.HasIncidents,
            Situations = situations ?? [],
            Created = TimestampFilter.Of(request.TimestampFilters ?? [], "CreatedAt"),
            Updated = TimestampFilter.Of(request.TimestampFilters ?? [], "UpdatedAt"),
            Ended = TimestampFilter.Of(request.TimestampFilters ?? [], "FinishedAt"),
        };
    }

    // Studio sends no column for its date columns; all of them go with the time a run was made.
    private static RunOrder Order(Request request)
    {
        var ascending = request.OrderDirection switch
        {
            null or "" or "Descending" => false,
            "Ascending" => true,
            _ => throw new DefinitionRefusedException("orderDirection", $"'{request.OrderDirection}' is no direction; allowed: Ascending, Descending."),
        };
        return request.OrderBy switch
        {
            "Name" => ascending ? RunOrder.ByName : RunOrder.ByNameDescending,
            null or "" or "Created" or "CreatedAt" => ascending ? RunOrder.OldestFirst : RunOrder.NewestFirst,
            _ => throw new DefinitionRefusedException("orderBy", $"'{request.OrderBy}' cannot be ordered by; allowed: Name, Created."),
        };
    }

    private static string[] Join(IReadOnlyList<string>? many, string? one) =>
        [.. (many ?? []).Append(one ?? "").Where(text => text.Length > 0).Distinct(StringComparer.Ordinal)];

    internal sealed record Request
    {
        public int? Page { get; init; }

        public int? PageSize { get; init; }

        public string? SearchTerm { get; init; }

        public string? DefinitionId { get; init; }

        public IReadOnlyList<string>? DefinitionIds { get; init; }

        public string? CorrelationId { get; init; }

        public int? Version { get; init; }

        public bool? HasIncidents { get; init; }

        public bool? IsSystem { get; init; }

        public string? Status { get; init; }

        public IReadOnlyList<string>? Statuses { get; init; }

        public string? SubStatus { get; init; }

        public IReadOnlyList<string>? SubStatuses { get; init; }

        public string? OrderBy { get; init; }

        public string? OrderDirection { get; init; }

        public IReadOnlyList<TimestampFilter>? TimestampFilters { get; init; }
    }
}
