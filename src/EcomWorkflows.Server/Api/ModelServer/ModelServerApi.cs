using System.Text.Json;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Scoring.Online;
using EcomWorkflows.Pipeline.Training.Registry;
using Microsoft.AspNetCore.Http.Features;

namespace EcomWorkflows.Server.Api.ModelServer;

/// <summary>MLflow's scoring protocol, for every registered model: <c>/models/{name}</c> is the champion, <c>/models/{name}@{alias}</c> and <c>/models/{name}/{version}</c> as in <c>models:</c> URIs.</summary>
public static class ModelServerApi
{
    public const string InvocationsPath = "/models/{model}/invocations";

    public const string VersionInvocationsPath = "/models/{model}/{version}/invocations";

    private const string Json = "application/json";

    public static IEndpointRouteBuilder MapModelServer(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost(InvocationsPath, (HttpContext http, string model, string? version, ModelInvocations models) => AnswerAsync(http, models, model, version));
        endpoints.MapPost(VersionInvocationsPath, (HttpContext http, string model, string version, ModelInvocations models) => AnswerAsync(http, models, model, version));
        return endpoints;
    }

    private static async Task AnswerAsync(HttpContext http, ModelInvocations models, string model, string? version)
    {
        if (http.Request.ContentType?.Split(';')[0].Trim() is { Length: > 0 } type && !type.Equals(Json, StringComparison.OrdinalIgnoreCase))
        {
            await RefuseAsync(http, StatusCodes.Status415UnsupportedMediaType, "BAD_REQUEST", $"The content type is '{type}'; {Json} is served.");
            return;
        }

        try
        {
            var (name, selected) = Select(model, version);
            using var body = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
            var answer = await models.AnswerAsync(name, selected, body.RootElement, http.RequestAborted);
            http.Response.StatusCode = answer.IsComplete ? StatusCodes.Status200OK : StatusCodes.Status207MultiStatus;
            http.Response.ContentType = Json;
            http.Response.ContentLength = answer.Json.Length;
            await http.Response.BodyWriter.WriteAsync(answer.Json, http.RequestAborted);
        }
        catch (BadHttpRequestException unread)
        {
            var most = http.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize;
            await RefuseAsync(
                http, unread.StatusCode, "BAD_REQUEST",
                unread.StatusCode == StatusCodes.Status413PayloadTooLarge ? $"The body has more than {most} bytes, the most one request may have. Send the rows in several requests." : unread.Message);
        }
        catch (JsonException malformed)
        {
            await RefuseAsync(http, StatusCodes.Status400BadRequest, "BAD_REQUEST", $"The body is not the JSON object expected: {malformed.Message}");
        }
        catch (InvocationException refused)
        {
            var (status, code) = refused.Error switch
            {
                InvocationError.NotFound => (StatusCodes.Status404NotFound, "RESOURCE_DOES_NOT_EXIST"),
                InvocationError.Unavailable => (StatusCodes.Status503ServiceUnavailable, "TEMPORARILY_UNAVAILABLE"),
                _ => (StatusCodes.Status400BadRequest, "BAD_REQUEST"),
            };
            await RefuseAsync(http, status, code, refused.Message);
        }
    }

    private static (string Name, string Version) Select(string model, string? version)
    {
        var at = model.IndexOf('@', StringComparison.Ordinal);
        if (at < 0)
            return (model, string.IsNullOrEmpty(version) ? ModelRegistry.Champion : version);
        return string.IsNullOrEmpty(version)
            ? (model[..at], model[(at + 1)..])
            : throw new InvocationException(InvocationError.BadRequest, $"Both the alias '{model[(at + 1)..]}' and the version '{version}' are given; give one of them.");
    }

    /// <summary>As MLflow's scoring server says what is wrong.</summary>
    private static Task RefuseAsync(HttpContext http, int status, string code, string message)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(new { error_code = code, message }, TaskJson.Options, Json, http.RequestAborted);
    }
}
