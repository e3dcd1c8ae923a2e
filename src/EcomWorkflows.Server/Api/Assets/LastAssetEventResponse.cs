using System.Text.Json.Serialization;

namespace EcomWorkflows.Server.Api.Assets;

internal sealed record LastAssetEventResponse(
    [property: JsonPropertyName("id")] long Id, [property: JsonPropertyName("timestamp")] DateTimeOffset Timestamp, [property: JsonPropertyName("row_count")] long? RowCount);
