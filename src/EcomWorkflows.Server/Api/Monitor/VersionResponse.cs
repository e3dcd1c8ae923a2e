using System.Text.Json.Serialization;

namespace EcomWorkflows.Server.Api.Monitor;

internal sealed record VersionResponse(
    [property: JsonPropertyName("version")] string Version,
    [property: JsonPropertyName("git_version")] string? GitVersion);
