using System.Text.Json.Serialization;

namespace EcomWorkflows.Server.Api.Logs;

/// <summary>A part of a log and the token that reads on.</summary>
/// <param name="ContinuationToken">Null once the attempt has ended and everything was read.</param>
internal sealed record LogResponse(
    [property: JsonPropertyName("content")] IReadOnlyList<LogLine> Content,
    [property: JsonPropertyName("continuation_token")] string? ContinuationToken);
