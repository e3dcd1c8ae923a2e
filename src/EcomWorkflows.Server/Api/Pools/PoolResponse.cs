using System.Text.Json.Serialization;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Api.Pools;

/// <summary>A pool, as Airflow's PoolResponse.</summary>
internal sealed record PoolResponse(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("slots")] int Slots,
    [property: JsonPropertyName("description")] string Description,
    [property: JsonPropertyName("occupied_slots")] int OccupiedSlots,
    [property: JsonPropertyName("running_slots")] int RunningSlots,
    [property: JsonPropertyName("queued_slots")] int QueuedSlots,
    [property: JsonPropertyName("open_slots")] int OpenSlots)
{
    public static PoolResponse From(PoolInfo pool) => new(pool.Name, pool.Slots, pool.Description, pool.RunningSlots, pool.RunningSlots, pool.QueuedSlots, pool.OpenSlots);
}
