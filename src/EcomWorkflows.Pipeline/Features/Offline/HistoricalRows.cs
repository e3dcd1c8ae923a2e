using System.Globalization;
using System.Text;
using System.Text.Json;
using EcomWorkflows.DuckDB;

namespace EcomWorkflows.Pipeline.Features.Offline;

/// <summary>Brings the rows asked for into DuckDB, and the result out of it.</summary>
internal static class HistoricalRows
{
    public const string TimeColumn = "event_timestamp";

    private const string Id = "pair_id";

    public static FeatureRequestException Malformed(string message) => new(message, notFound: false);

    /// <exception cref="FeatureRequestException">A join key or the time is missing, a column is called as a feature of the answer, or a value does not fit.</exception>
    public static void Load(DuckDbConnection duck, IReadOnlyDictionary<string, IReadOnlyList<JsonElement>>? columns, HistoricalPlan plan)
    {
        var given = columns ?? new Dictionary<string, IReadOnlyList<JsonElement>>();
        Require(given.Keys, plan, "entities");
        if (given.FirstOrDefault(c => c.Value is null) is { Key: { } none })
            throw Malformed($"entities.{none} is null; give a list with one value per row.");
        var count = given[TimeColumn].Count;
        if (given.FirstOrDefault(c => c.Value.Count != count) is { Key: { } other, Value: { } values })
            throw Malformed($"entities.{other} has {values.Count} values, entities.{TimeColumn} has {count}; all need one per row.");
        var types = given.ToDictionary(c => c.Key, c => TypeOf(c.Key, c.Value, plan.JoinKeys), StringComparer.Ordinal);
        duck.Execute($"create temp table pair ({Id} bigint, {string.Join(", ", given.Keys.Select(k => $"{DuckDbSql.Identifier(k)} {types[k]}"))})");
        using var appender = duck.CreateAppender("pair");
        for (var row = 0; row < count; row++)
        {
            appender.Append((long)row);
            foreach (var (name, cells) in given)
                Append(appender, types[name], cells[row], name, row);
            appender.EndRow();
        }
    }

    /// <exception cref="FeatureRequestException">As there, or the file cannot be read.</exception>
    public static void LoadFile(DuckDbConnection duck, string file, HistoricalPlan plan, CancellationToken cancellationToken)
    {
        var scan = file.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase) ? $"read_parquet({DuckDbSql.Literal(file)})" : $"read_csv({DuckDbSql.Literal(file)}, all_varchar = true)";
        try
        {
            var names = duck.QueryRows($"select column_name from (describe select * from {scan})", row => row.Get<string>(0), ct: cancellationToken);
            Require(names, plan, file);
            duck.Execute(
                $"""
                create temp table pair as
                select row_number() over () as {Id}, * replace ({string.Join(", ", plan.JoinKeys.Select(k => $"cast({DuckDbSql.Identifier(k)} as varchar) as {DuckDbSql.Identifier(k)}"))},
                  cast({TimeColumn} as timestamptz)::timestamp as {TimeColumn})
                from {scan}
                """,
                ct: cancellationToken);
        }
        catch (DuckDbException unreadable)
        {
            throw Malformed($"{file} cannot be read as rows to find features for: {unreadable.Message}");
        }
    }

    public static long WriteJson(DuckDbReader rows, Stream target)
    {
        using var writer = new Utf8JsonWriter(target);
        writer.WriteStartObject();
        writer.WriteStartArray("columns");
        for (var i = 0; i < rows.FieldCount; i++)
            writer.WriteStringValue(rows.GetName(i));
        writer.WriteEndArray();
        writer.WriteStartArray("rows");
        var count = 0L;
        for (; rows.Read(); count++)
        {
            writer.WriteStartArray();
            for (var i = 0; i < rows.FieldCount; i++)
                WriteValue(writer, rows.GetValue(i));
            writer.WriteEndArray();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
        return count;
    }

    public static long WriteCsv(DuckDbReader rows, Stream target)
    {
        using var writer = new StreamWriter(target, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine(string.Join(',', Enumerable.Range(0, rows.FieldCount).Select(i => Quoted(rows.GetName(i)))));
        var count = 0L;
        for (; rows.Read(); count++)
            writer.WriteLine(string.Join(',', Enumerable.Range(0, rows.FieldCount).Select(i => Quoted(Text(rows.GetValue(i))))));
        return count;
    }

    private static void Require(IEnumerable<string> names, HistoricalPlan plan, string where)
    {
        string[] needed = [.. plan.JoinKeys, TimeColumn];
        if (needed.Except(names).ToArray() is { Length: > 0 } missing)
            throw Malformed($"{where} lacks {string.Join(", ", missing)}; rows to find features for need {string.Join(", ", needed)}.");
        if (names.Contains(Id, StringComparer.OrdinalIgnoreCase))
            throw Malformed($"{where} has a column '{Id}'; give it another name.");
        if (names.Intersect(plan.Columns.Select(c => c.Name), StringComparer.OrdinalIgnoreCase).ToArray() is { Length: > 0 } features)
            throw Malformed($"{where} has a column '{features[0]}', as a feature asked for is called. Give the column another name, or ask for full feature names (full_feature_names, --full-names).");
    }

    private static string TypeOf(string column, IReadOnlyList<JsonElement> values, IReadOnlyList<string> joinKeys)
    {
        if (column == TimeColumn)
            return "timestamp";
        if (joinKeys.Contains(column))
            return "varchar";
        return values.All(v => v.ValueKind is JsonValueKind.Number or JsonValueKind.Null) ? "double" : values.All(v => v.ValueKind is JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null) ? "boolean" : "varchar";
    }

    private static void Append(DuckDbAppender appender, string type, JsonElement value, string column, int row)
    {
        switch (type, value.ValueKind)
        {
            case ("timestamp", JsonValueKind.String) when DateTimeOffset.TryParse(value.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time):
                appender.Append(time);
                break;
            case ("timestamp", _):
                throw Malformed($"entities.{column}[{row}] is {value.GetRawText()}; allowed are times as 2026-02-21T00:00:00Z.");
            case (_, JsonValueKind.Null):
                appender.AppendNull();
                break;
            case ("double", _):
                appender.Append(value.GetDouble());
                break;
            case ("boolean", _):
                appender.Append(value.GetBoolean());
                break;
            case (_, JsonValueKind.String):
                appender.Append(value.GetString());
                break;
            default:
                appender.Append(value.GetRawText());
                break;
        }
    }

    private static void WriteValue(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null or double.NaN:
                writer.WriteNullValue();
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case double number when double.IsFinite(number):
                writer.WriteNumberValue(number);
                break;
            case long whole:
                writer.WriteNumberValue(whole);
                break;
            default:
                writer.WriteStringValue(Text(value));
                break;
        }
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        DateTime time => Online.OnlineRow.Rfc3339(new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc))),
        bool flag => flag ? "true" : "false",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static string Quoted(string text) => text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
