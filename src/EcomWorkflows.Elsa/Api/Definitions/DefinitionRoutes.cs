using Microsoft.AspNetCore.Routing;

namespace EcomWorkflows.Elsa.Api.Definitions;

/// <summary>The routes about workflow definitions.</summary>
internal static class DefinitionRoutes
{
    public static void Map(IEndpointRouteBuilder reads, IEndpointRouteBuilder changes)
    {
        ListDefinitions.Map(reads);
        GetDefinition.Map(reads);
        GetSubgraph.Map(reads);
        IsNameUnique.Map(reads);
        ExportDefinition.MapReads(reads);
        SaveDefinition.Map(changes);
        PublishDefinition.Map(changes);
        DeleteDefinition.Map(changes);
        BulkPublish.Map(changes);
    }
}
