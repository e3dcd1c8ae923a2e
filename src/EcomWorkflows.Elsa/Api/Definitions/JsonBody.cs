using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace EcomWorkflows.Elsa.Api.Definitions;

/// <summary>Reads the body of a request as one JSON object.</summary>
internal static class JsonBody
{
    /// <exception cref="DefinitionRefusedException">The body is something else.</exception>
    public static async Task<JsonObject> ReadAsync(HttpRequest request, CancellationToken ct) =>
        await JsonNode.ParseAsync(request.Body, cancellationToken: ct) as JsonObject ?? throw new DefinitionRefusedException("body", "Expected one JSON object.");

    /// <summary>The texts of a list member.</summary>
    /// <exception cref="DefinitionRefusedException">It is no list of texts.</exception>
    public static async Task<IReadOnlyList<string>> ReadListAsync(HttpRequest request, string member, CancellationToken ct)
    {
        if ((await ReadAsync(request, ct))[member] is JsonArray list && list.All(item => item is JsonValue value && value.TryGetValue<string>(out _)))
            return [.. list.Select(item => item!.GetValue<string>()).Distinct()];
        throw new DefinitionRefusedException(member, "Expected a list of ids.");
    }
}
