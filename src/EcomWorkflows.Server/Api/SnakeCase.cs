using System.Text.Json;
using System.Text.Json.Serialization;

namespace EcomWorkflows.Server.Api;

/// <summary>Answers with the records of a stage as they are, under names as the rest of the API writes them.</summary>
internal static class SnakeCase
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static IResult Json<T>(T value) => TypedResults.Json(value, Options);
}
