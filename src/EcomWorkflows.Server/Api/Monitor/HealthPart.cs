using System.Text.Json.Serialization;

namespace EcomWorkflows.Server.Api.Monitor;

internal sealed record HealthPart([property: JsonPropertyName("status")] string Status)
{
    public static HealthPart Of(bool healthy) => new(healthy ? "healthy" : "unhealthy");
}
