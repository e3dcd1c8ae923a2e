using Microsoft.AspNetCore.Routing;

namespace EcomWorkflows.Elsa.Api.Definitions;

/// <summary>The routes about workflow definitions.</summary>
internal static class DefinitionRoutes
{
    public static void Map(IEndpointRouteBuilder reads, IEndpointRouteBuilder changes)
    {
        ListDefinitions.Map(reads);
        GetDefinition.Map(reads);
        IsNameUnique.Map(reads);
    }
}
