using System.Text.Json.Serialization;

namespace EcomWorkflows.Server.Api.Variables;

internal sealed record VariableCollection(
    [property: JsonPropertyName("variables")] IReadOnlyList<VariableResponse> Variables,
    [property: JsonPropertyName("total_entries")] int TotalEntries);
