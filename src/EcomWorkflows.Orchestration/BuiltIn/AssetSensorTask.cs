using Dapper;
using EcomWorkflows.Orchestration.Tasks;
using Npgsql;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Waits for an asset to be written.</summary>
[TaskType("Core.AssetSensor", DisplayName = "Wait for an asset", Category = "Sensors", Description = "Waits until an asset has been written since an instant, without holding a slot.")]
public sealed class AssetSensorTask(NpgsqlDataSource database) : Sensor<AssetSensorInputs, AssetSensorOutputs>
{
    protected override async Task<(AssetSensorOutputs? Found, string WaitsFor)> CheckAsync(AssetSensorInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        var since = inputs.Since ?? context.DataIntervalStart;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var found = await connection.QueryFirstOrDefaultAsync<(long Id, DateTime At)?>(new CommandDefinition(
            """
            select asset_event_id, occurred_at
            from orchestration.asset_event
            where asset = @Asset
              and occurred_at >= @since
            order by asset_event_id desc
            limit 1
            """,
            new { inputs.Asset, since }, cancellationToken: cancellationToken));
        return (
            found is { } one ? new AssetSensorOutputs(one.Id, new DateTimeOffset(DateTime.SpecifyKind(one.At, DateTimeKind.Utc))) : null,
            $"asset {inputs.Asset} to be written since {since.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");
    }
}
