using System.Text.Json.Serialization;

namespace EcomWorkflows.Server.Api.Backfills;

internal sealed record BackfillCollection(
    [property: JsonPropertyName("backfills")] IReadOnlyList<BackfillResponse> Backfills, [property: JsonPropertyName("total_entries")] int TotalEntries);
