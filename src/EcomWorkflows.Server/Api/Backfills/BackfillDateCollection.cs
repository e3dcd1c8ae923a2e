using System.Text.Json.Serialization;

namespace EcomWorkflows.Server.Api.Backfills;

internal sealed record BackfillDateCollection(
    [property: JsonPropertyName("backfills")] IReadOnlyList<BackfillDateResponse> Dates, [property: JsonPropertyName("total_entries")] int TotalEntries);
