using System.CommandLine;
using System.Data;
using System.Globalization;
using Npgsql;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom sql QUERY</c>: asks the program's PostgreSQL.</summary>
internal static class SqlCommand
{
    /// <summary>PostgreSQL's names of types whose values, and lists of them, are taken as what they are; all others as the text PostgreSQL has for them.</summary>
    private static readonly HashSet<string> Understood =
    [
        "boolean", "smallint", "integer", "bigint", "real", "double precision", "text", "character varying", "name", "json", "jsonb", "date", "timestamp with time zone",
        "timestamp without time zone",
    ];

    public static Command Create()
    {
        var query = new Argument<string>("query") { Description = "One SQL statement." };
        var write = new Option<bool>("--write") { Description = "Allow changes; without it the query runs in a read-only transaction." };
        var command = new Command("sql", "Run an SQL query on the program's database (orchestration, lake catalog, features, registry, gold, ...).") { query, write };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            try
            {
                await RunAsync(parsed, session.Get<NpgsqlDataSource>(), parsed.GetRequiredValue(query), parsed.GetValue(write), cancellationToken);
                return ExitCode.Done;
            }
            catch (PostgresException refusal)
            {
                throw new CliException(ExitCode.Failed, $"{refusal.MessageText}{(refusal.Position > 0 ? $" (at character {refusal.Position})" : "")}{(refusal.Hint is null ? "" : $" Hint: {refusal.Hint}")}");
            }
        });
        return command;
    }

    private static async Task RunAsync(ParseResult parsed, NpgsqlDataSource database, string query, bool write, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!write)
        {
            await using var readOnly = new NpgsqlCommand("set transaction read only", connection, transaction);
            await readOnly.ExecuteNonQueryAsync(cancellationToken);
        }

        await using (var command = new NpgsqlCommand(query, connection, transaction))
        {
            command.UnknownResultTypeList = await AsTextAsync(command, cancellationToken);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await WriteAsync(parsed, reader, cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Of each column whether it is to come as text. The query is not run for this.</summary>
    private static async Task<bool[]> AsTextAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SchemaOnly, cancellationToken);
        return [.. Enumerable.Range(0, reader.FieldCount).Select(column => !Understood.Contains(reader.GetDataTypeName(column).Replace("[]", "", StringComparison.Ordinal)))];
    }

    private static async Task WriteAsync(ParseResult parsed, NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var names = Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToList();
        if (names.Count == 0)
        {
            await Console.Error.WriteLineAsync($"{reader.RecordsAffected} rows changed.");
            return;
        }

        var rows = new List<object?[]>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add([.. Enumerable.Range(0, names.Count).Select(column => reader.IsDBNull(column) ? null : Value(reader, column))]);

        if (parsed.GetValue(CommandOutput.Option) == OutputFormat.Json)
            CommandOutput.WriteJson(rows.Select(row => names.Zip(row).DistinctBy(cell => cell.First).ToDictionary(cell => cell.First, cell => cell.Second)));
        else
            CommandOutput.WriteTable(names, rows);
    }

    /// <summary>An exact number is one where .NET has room for it.</summary>
    private static object Value(NpgsqlDataReader reader, int column) =>
        reader.GetValue(column) is var value && value is string text && reader.GetDataTypeName(column).StartsWith("numeric", StringComparison.Ordinal)
        && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : value;
}
