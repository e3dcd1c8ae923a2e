using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Tasks;
using Npgsql;
using NpgsqlTypes;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>SQL with its parameters, which travel beside it and never inside it.</summary>
internal sealed record SqlStatement(string Sql, JsonObject Parameters, double TimeoutSeconds)
{
    private int WholeSeconds => (int)Math.Ceiling(TimeoutSeconds);

    /// <exception cref="TaskFailedException">PostgreSQL refused it, then the message is PostgreSQL's; it was not done in time, ends its transaction, or gives more than outputs may hold.</exception>
    public async Task<SqlOutputs> RunAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, int maxRows, CancellationToken cancellationToken)
    {
        if (SqlText.TransactionEnd(Sql) is { } end)
            throw new TaskFailedException($"The SQL holds {end}. {SqlText.Rule}", retryable: false);
        await using var command = new NpgsqlCommand(Sql, connection, transaction) { CommandTimeout = WholeSeconds };
        foreach (var (name, value) in Parameters)
            command.Parameters.Add(Parameter(name, value));
        try
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var rows = new JsonArray();
            do
            {
                if (reader.FieldCount > 0)
                    rows = [];
                while (await reader.ReadAsync(cancellationToken))
                {
                    if (rows.Count < Math.Max(1, maxRows))
                        rows.Add(Row(reader));
                }
            }
            while (await reader.NextResultAsync(cancellationToken));
            var first = rows.FirstOrDefault() as JsonObject;
            var outputs = new SqlOutputs(
                Math.Max(0, reader.RecordsAffected), first?.FirstOrDefault().Value?.DeepClone(), first?.DeepClone().AsObject(), maxRows == 0 ? [] : rows);
            // Before the commit: a task that fails because of them has changed nothing.
            TaskOutputs.Write(outputs);
            return outputs;
        }
        catch (PostgresException refused)
        {
            throw new TaskFailedException(
                $"PostgreSQL refused the SQL: {refused.MessageText} ({refused.SqlState}{(refused.Position > 0 ? $", position {refused.Position}" : "")})", innerException: refused);
        }
        catch (NpgsqlException late) when (late.InnerException is TimeoutException)
        {
            throw new TaskFailedException(
                $"The SQL was not done within {WholeSeconds} seconds. Give it more with statementTimeoutSeconds, or make it quicker.", FailureCause.Timeout, innerException: late);
        }
    }

    private static NpgsqlParameter Parameter(string name, JsonNode? value)
    {
        var parameter = new NpgsqlParameter { ParameterName = name };
        switch (value?.GetValueKind() ?? JsonValueKind.Null)
        {
            case JsonValueKind.Null:
                parameter.Value = DBNull.Value;
                break;
            case JsonValueKind.True or JsonValueKind.False:
                parameter.Value = value!.GetValue<bool>();
                break;
            case JsonValueKind.Number when value!.AsValue().TryGetValue<long>(out var whole):
                parameter.Value = whole;
                break;
            case JsonValueKind.Number:
                parameter.Value = decimal.Parse(value!.ToJsonString(), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture);
                break;
            case JsonValueKind.Array when value!.AsArray().All(item => item?.GetValueKind() == JsonValueKind.String):
                parameter.Value = value.AsArray().Select(item => item!.GetValue<string>()).ToArray();
                break;
            case JsonValueKind.Array or JsonValueKind.Object:
                (parameter.NpgsqlDbType, parameter.Value) = (NpgsqlDbType.Jsonb, value!.ToJsonString());
                break;
            default:
                // Unknown: PostgreSQL reads the text as what the place in the SQL wants, a date for example.
                (parameter.NpgsqlDbType, parameter.Value) = (NpgsqlDbType.Unknown, value!.GetValue<string>());
                break;
        }
        return parameter;
    }

    private static JsonObject Row(NpgsqlDataReader reader)
    {
        var row = new JsonObject();
        for (var i = 0; i < reader.FieldCount; i++)
            row[reader.GetName(i)] = Value(reader, i);
        return row;
    }

    private static JsonNode? Value(NpgsqlDataReader reader, int column)
    {
        if (reader.IsDBNull(column))
            return null;
        return (object?)reader.GetValue(column) switch
        {
            // What a function that returns void returns is not NULL in SQL, and nothing here.
            null => null,
            string json when reader.GetDataTypeName(column) is "json" or "jsonb" => JsonNode.Parse(json),
            var value => JsonSerializer.SerializeToNode(value, value.GetType(), TaskJson.Options),
        };
    }
}
