using System.IO.Pipelines;
using System.Text.Json;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Features.Online;
using EcomWorkflows.Pipeline.Versioning;
using EcomWorkflows.Server.Access;
using Microsoft.AspNetCore.WebUtilities;

namespace EcomWorkflows.Server.Api.FeatureServer;

/// <summary>The requests of Feast's feature server.</summary>
public static class FeatureServerApi
{
    public const string OnlineFeaturesPath = "/get-online-features";

    public const string PushPath = "/push";

    public const string MaterializePath = "/materialize";

    public const string MaterializeIncrementalPath = "/materialize-incremental";

    public const string HistoricalPath = "/api/features/historical";

    public const string HealthPath = "/health";

    /// <summary>Largest body of a request for online features.</summary>
    private const int MostBytes = 4 << 20;

    public static IEndpointRouteBuilder MapFeatureServer(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost(OnlineFeaturesPath, (RequestDelegate)GetOnlineFeaturesAsync);
        endpoints.MapPost(PushPath, (HttpContext http, FeaturePushes pushes, CancellationToken ct) =>
            AnswerAsync<PushRequest>(http, request => pushes.PushAsync(request, ct)));
        endpoints.MapPost(MaterializePath, (HttpContext http, OnlineMaterializations materializations, CancellationToken ct) =>
            AnswerAsync<MaterializeRequest>(http, request => materializations.MaterializeAsync(request, incremental: false, ct)));
        endpoints.MapPost(MaterializeIncrementalPath, (HttpContext http, OnlineMaterializations materializations, CancellationToken ct) =>
            AnswerAsync<MaterializeRequest>(http, request => materializations.MaterializeAsync(request, incremental: true, ct)));
        endpoints.MapPost(HistoricalPath, GetHistoricalFeaturesAsync);
        endpoints.MapGet(HealthPath, () => TypedResults.Ok());
        return endpoints;
    }

    /// <summary>Everything by hand, into memory that is used again: this is asked thousands of times a second.</summary>
    private static async Task GetOnlineFeaturesAsync(HttpContext http)
    {
        var features = http.RequestServices.GetRequiredService<OnlineFeatures>();
        var request = features.Rent();
        try
        {
            if (!await ReadAsync(http.Request.BodyReader, request.Body, http.RequestAborted))
            {
                await RefuseAsync(http, StatusCodes.Status413PayloadTooLarge, $"The body is larger than {MostBytes >> 20} MB; ask for fewer rows at once.");
                return;
            }
            var answer = await features.AnswerAsync(request, http.RequestAborted);
            http.Response.ContentType = "application/json";
            http.Response.ContentLength = answer.Length;
            await http.Response.BodyWriter.WriteAsync(answer, http.RequestAborted);
        }
        catch (FeatureRequestException refused)
        {
            await RefuseAsync(http, refused);
        }
        finally
        {
            features.Return(request);
        }
    }

    /// <summary>Not one of Feast's: its offline store has no HTTP request. The result is made before the first byte is sent, so that what goes wrong can still be said.</summary>
    private static async Task GetHistoricalFeaturesAsync(HttpContext http, HistoricalFeatures features, HistoricalDatasets datasets, CancellationToken cancellationToken)
    {
        try
        {
            var request = await JsonSerializer.DeserializeAsync<HistoricalRequest>(http.Request.Body, cancellationToken: cancellationToken) ?? new HistoricalRequest();
            if (request.Dataset is not null)
            {
                await AddDatasetAsync(http, request, datasets, cancellationToken);
                return;
            }
            using var result = new FileBufferingWriteStream();
            await features.WriteAsync(request, result, cancellationToken);
            http.Response.ContentType = request.Format == "csv" ? "text/csv; charset=utf-8" : "application/json";
            await result.DrainBufferAsync(http.Response.BodyWriter, cancellationToken);
        }
        catch (JsonException malformed)
        {
            await RefuseAsync(http, StatusCodes.Status400BadRequest, $"The body is not the JSON object expected: {malformed.Message}");
        }
        catch (FeatureRequestException refused)
        {
            await RefuseAsync(http, refused);
        }
        catch (DatasetException refused)
        {
            await RefuseAsync(http, StatusCodes.Status400BadRequest, refused.Message);
        }
    }

    /// <summary>Asking is reading, keeping the answer is not.</summary>
    private static async Task AddDatasetAsync(HttpContext http, HistoricalRequest request, HistoricalDatasets datasets, CancellationToken cancellationToken)
    {
        if (AccessClaims.RoleOf(http.User) is not >= Role.Operator)
        {
            await RefuseAsync(http, StatusCodes.Status403Forbidden, "Making a dataset version needs the role operator. Leave 'dataset' out to get the rows themselves.");
            return;
        }
        var made = await datasets.AddAsync(request, Actors.Of(http, Actors.Api), cancellationToken);
        await SnakeCase.Json(made).ExecuteAsync(http);
    }

    private static async ValueTask<bool> ReadAsync(PipeReader reader, ByteBuffer body, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            foreach (var part in read.Buffer)
                body.Write(part.Span);
            reader.AdvanceTo(read.Buffer.End);
            if (body.Length > MostBytes)
                return false;
            if (read.IsCompleted)
                return true;
        }
    }

    /// <summary>Feast answers these with <c>null</c>.</summary>
    private static async Task AnswerAsync<T>(HttpContext http, Func<T, Task> work)
        where T : class
    {
        try
        {
            var request = await JsonSerializer.DeserializeAsync<T>(http.Request.Body, cancellationToken: http.RequestAborted);
            if (request is null)
            {
                await RefuseAsync(http, StatusCodes.Status400BadRequest, "The body is null; it must be a JSON object.");
                return;
            }
            await work(request);
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync("null", http.RequestAborted);
        }
        catch (JsonException malformed)
        {
            await RefuseAsync(http, StatusCodes.Status400BadRequest, $"The body is not the JSON object expected: {malformed.Message}");
        }
        catch (FeatureRequestException refused)
        {
            await RefuseAsync(http, refused);
        }
    }

    private static Task RefuseAsync(HttpContext http, FeatureRequestException refused) =>
        RefuseAsync(http, refused.NotFound ? StatusCodes.Status404NotFound : StatusCodes.Status400BadRequest, refused.Message);

    private static Task RefuseAsync(HttpContext http, int status, string message) =>
        TypedResults.Problem(message, statusCode: status).ExecuteAsync(http);
}
