using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Secrets;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using Npgsql;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Waits for a row.</summary>
[TaskType(TypeName, DisplayName = "Wait for a row", Category = "Sensors", Description = "Waits until a query finds something, without holding a slot.")]
public sealed class SqlSensorTask(ConnectionStore connections, NpgsqlDataSource database) : Sensor<SqlSensorInputs, SqlSensorOutputs>
{
    internal const string TypeName = "Core.SqlSensor";

    protected override async Task<(SqlSensorOutputs? Found, string WaitsFor)> CheckAsync(SqlSensorInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        await using var connection = string.IsNullOrWhiteSpace(inputs.Connection)
            ? await database.OpenConnectionAsync(cancellationToken)
            : await PostgresConnection.OpenAsync(connections, inputs.Connection, cancellationToken);
        try
        {
            return await AskAsync(connection, inputs, cancellationToken);
        }
        catch (NpgsqlException failure) when (!string.IsNullOrWhiteSpace(inputs.Connection))
        {
            throw PostgresConnection.Failed(inputs.Connection, failure);
        }
        finally
        {
            await SessionReset.AfterForeignSqlAsync(connection);
        }
    }

    private static async Task<(SqlSensorOutputs? Found, string WaitsFor)> AskAsync(NpgsqlConnection connection, SqlSensorInputs inputs, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var readOnly = new NpgsqlCommand("set transaction read only", connection, transaction))
            await readOnly.ExecuteNonQueryAsync(cancellationToken);
        var result = await new SqlStatement(inputs.Sql, inputs.Parameters, inputs.StatementTimeoutSeconds).RunAsync(connection, transaction, 1, cancellationToken);
        return (IsThere(result.Scalar) ? new SqlSensorOutputs(result.Scalar) : null, $"a query result ({result.Scalar?.ToReadableText() ?? "nothing"} now)");
    }

    private static bool IsThere(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null or JsonValueKind.False => false,
        JsonValueKind.Number => decimal.TryParse(value.ToJsonString(), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var number)
            ? number != 0
            : true,
        JsonValueKind.String => value.GetValue<string>().Length > 0,
        _ => true,
    };
}
