using EcomWorkflows.Elsa.Api.Definitions;
using EcomWorkflows.Elsa.Api.Descriptors;
using EcomWorkflows.Elsa.Api.Instances;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EcomWorkflows.Elsa.Api;

/// <summary>Elsa's HTTP API as far as Studio uses it, under <c>/elsa/api</c>.</summary>
public static class ElsaApi
{
    public const string Base = "/elsa/api";

    /// <summary>Everything behind the API; orchestration must be registered too.</summary>
    public static IServiceCollection AddElsaApi(this IServiceCollection services)
    {
        services.TryAddSingleton<IElsaPermissions, EveryonesPermissions>();
        services.AddSingleton<DefinitionReader>();
        services.AddSingleton<DefinitionWriter>();
        services.AddSingleton<LiveOptions>();
        services.AddSingleton<DescriptorCatalog>();
        return services.AddInstances();
    }

    /// <summary>Maps the routes: one group that only reads and one that changes something, so that each can have its policy.</summary>
    public static (RouteGroupBuilder Reads, RouteGroupBuilder Changes) MapElsaApi(this IEndpointRouteBuilder routes)
    {
        var reads = routes.MapGroup(Base).AddEndpointFilter<ElsaErrors>();
        var changes = routes.MapGroup(Base).AddEndpointFilter<ElsaErrors>();
        DefinitionRoutes.Map(reads, changes);
        DescriptorRoutes.Map(reads);
        InstanceRoutes.Map(reads, changes);
        return (reads, changes);
    }
}
