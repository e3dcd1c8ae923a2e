using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing.Template;

namespace EcomWorkflows.Server.Api;

/// <summary>Answers a request that no route has taken: 415 where only the content type of its body was in the way, otherwise 404.</summary>
internal static class UnknownRoute
{
    /// <param name="hint">Where the caller finds what there is.</param>
    public static void MapUnknownRoute(this IEndpointRouteBuilder routes, string hint) =>
        routes.MapFallback("{*path}", context => AnswerAsync(context, hint)).ExcludeFromDescription();

    private static Task AnswerAsync(HttpContext context, string hint)
    {
        var request = context.Request;
        var answer = IsThereForJson(context)
            ? Problem.UnsupportedMediaType($"The body's content type is {(request.ContentType is { } type ? $"'{type}'" : "missing")}; send it as 'application/json'.")
            : Problem.NotFound($"There is no route {request.Method} {request.Path}. {hint}");
        return answer.ExecuteAsync(context);
    }

    private static bool IsThereForJson(HttpContext context) =>
        !context.Request.HasJsonContentType()
        && context.RequestServices.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Any(route =>
            route.Metadata.GetMetadata<IAcceptsMetadata>() is not null
            && route.Metadata.GetMetadata<IHttpMethodMetadata>() is { } verbs && verbs.HttpMethods.Contains(context.Request.Method)
            && new TemplateMatcher(new RouteTemplate(route.RoutePattern), []).TryMatch(context.Request.Path, []));
}
