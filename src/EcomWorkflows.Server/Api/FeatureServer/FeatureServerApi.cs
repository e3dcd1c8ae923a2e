using System.Text.Json;
using EcomWorkflows.Pipeline.Features;

namespace EcomWorkflows.Server.Api.FeatureServer;

/// <summary>Feast's feature server requests: <c>POST /get-online-features</c> and <c>GET /health</c>.</summary>
public static class FeatureServerApi
{
    public const string OnlineFeaturesPath = "/get-online-features";

    public const string HealthPath = "/health";

    public static IEndpointRouteBuilder MapFeatureServer(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost(OnlineFeaturesPath, GetOnlineFeaturesAsync);
        endpoints.MapGet(HealthPath, () => TypedResults.Ok());
        return endpoints;
    }

    private static async Task GetOnlineFeaturesAsync(HttpContext http, OnlineFeatures features, CancellationToken cancellationToken)
    {
        try
        {
            var request = await JsonSerializer.DeserializeAsync<OnlineFeaturesRequest>(http.Request.Body, cancellationToken: cancellationToken);
            if (request is null)
            {
                await RefuseAsync(http, StatusCodes.Status400BadRequest, "The body is null; it must be a JSON object with features or feature_service, and entities.");
                return;
            }
            var answer = await features.GetAsync(request, cancellationToken);
            http.Response.ContentType = "application/json";
            await using var writer = new Utf8JsonWriter(http.Response.BodyWriter);
            OnlineFeaturesJson.Write(writer, answer);
        }
        catch (JsonException malformed)
        {
            await RefuseAsync(http, StatusCodes.Status400BadRequest, $"The body is not the JSON object expected: {malformed.Message}");
        }
        catch (FeatureRequestException refused)
        {
            await RefuseAsync(http, refused.NotFound ? StatusCodes.Status404NotFound : StatusCodes.Status400BadRequest, refused.Message);
        }
    }

    private static Task RefuseAsync(HttpContext http, int status, string message) =>
        TypedResults.Problem(message, statusCode: status).ExecuteAsync(http);
}
