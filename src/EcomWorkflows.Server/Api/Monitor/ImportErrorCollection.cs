using System.Text.Json.Serialization;

namespace EcomWorkflows.Server.Api.Monitor;

internal sealed record ImportErrorCollection(
    [property: JsonPropertyName("import_errors")] IReadOnlyList<ImportErrorResponse> ImportErrors,
    [property: JsonPropertyName("total_entries")] int TotalEntries);
