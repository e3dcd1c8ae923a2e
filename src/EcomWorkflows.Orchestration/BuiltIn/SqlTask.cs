using EcomWorkflows.Orchestration.Secrets;
using EcomWorkflows.Orchestration.Tasks;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Runs SQL on PostgreSQL in one transaction.</summary>
[TaskType(TypeName, DisplayName = "SQL", Category = "Core", Description = "Runs SQL on PostgreSQL in one transaction; the last result's rows are its outputs.")]
public sealed class SqlTask(ConnectionStore connections) : ITask<SqlInputs, SqlOutputs>
{
    internal const string TypeName = "Core.Sql";

    public async Task<TaskResult<SqlOutputs>> RunAsync(SqlInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        var statement = new SqlStatement(inputs.Sql, inputs.Parameters, inputs.StatementTimeoutSeconds);
        var outputs = string.IsNullOrWhiteSpace(inputs.Connection)
            ? await RunFencedAsync(statement, inputs.MaxRows, context, cancellationToken)
            : await RunElsewhereAsync(statement, inputs, cancellationToken);
        context.Logger.LogInformation("{Rows} rows affected, {Kept} rows kept", outputs.RowsAffected, outputs.Rows.Count);
        return outputs;
    }

    private static async Task<SqlOutputs> RunFencedAsync(SqlStatement statement, int maxRows, TaskContext context, CancellationToken cancellationToken)
    {
        SqlOutputs? outputs = null;
        await context.PublishAsync(
            async (scope, cancelled) => outputs = await statement.RunAsync(scope.Connection, scope.Transaction, maxRows, cancelled), cancellationToken);
        return outputs!;
    }

    private async Task<SqlOutputs> RunElsewhereAsync(SqlStatement statement, SqlInputs inputs, CancellationToken cancellationToken)
    {
        await using var connection = await PostgresConnection.OpenAsync(connections, inputs.Connection!, cancellationToken);
        try
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var outputs = await statement.RunAsync(connection, transaction, inputs.MaxRows, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return outputs;
        }
        catch (NpgsqlException failure)
        {
            throw PostgresConnection.Failed(inputs.Connection!, failure);
        }
    }
}
