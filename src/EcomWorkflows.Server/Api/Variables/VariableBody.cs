using System.Text.Json.Serialization;

namespace EcomWorkflows.Server.Api.Variables;

/// <summary>What a request says of a variable; <c>is_secret</c> is ours: the value is encrypted and never shown again.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record VariableBody(
    [property: JsonPropertyName("key")] string? Key,
    [property: JsonPropertyName("value")] string? Value,
    [property: JsonPropertyName("description")] string? Description,
    [property: JsonPropertyName("is_secret")] bool? IsSecret);
