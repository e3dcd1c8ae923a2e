using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Storage;
using Npgsql;

namespace EcomWorkflows.Orchestration.Tasks;

/// <summary>Tells of data a person published outside any attempt as a task's publishing is told: by an event of the asset, which starts the DAGs that wait for it, and a line of the event log.</summary>
public static class PublishedByHand
{
    /// <param name="transaction">The one the data is published in: the events are there when it is.</param>
    /// <param name="asset">The asset's name.</param>
    /// <param name="rows">Rows it holds now.</param>
    /// <param name="kind">What was done, for the event log: <c>lake_table_restored</c>.</param>
    /// <param name="after">What it is now, for the event log.</param>
    /// <param name="details">Kept with both events.</param>
    public static async Task TellAsync(
        NpgsqlTransaction transaction, string asset, long rows, string kind, string after, JsonObject details, string actor, CancellationToken cancellationToken)
    {
        await AssetStore.RecordAsync(transaction, asset, rows, details, actor, cancellationToken);
        var whole = (JsonObject)details.DeepClone();
        (whole["table"], whole["rows"]) = (asset, rows);
        await EventLog.RecordAsync(transaction, kind, actor, before: null, after, whole, cancellationToken);
    }
}
