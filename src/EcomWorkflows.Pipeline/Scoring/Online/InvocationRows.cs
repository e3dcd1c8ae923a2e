using System.Text.Json;
using EcomWorkflows.Pipeline.Training;

namespace EcomWorkflows.Pipeline.Scoring.Online;

/// <summary>Reads rows in the four forms of MLflow's scoring protocol into the columns of a model's signature, in its order.</summary>
/// <param name="form"><c>dataframe_split</c>, <c>dataframe_records</c>, <c>instances</c> or <c>inputs</c>.</param>
internal sealed class InvocationRows(string form, IReadOnlyList<string> features)
{
    private readonly Dictionary<string, int> positions = features.Index().ToDictionary(column => column.Item, column => column.Index, StringComparer.Ordinal);
    private float[] values = [];
    private int rows;

    /// <exception cref="InvocationException">The columns or values are not those of the signature.</exception>
    public FeatureTable Read(JsonElement data)
    {
        switch (form)
        {
            case "dataframe_split":
                ReadSplit(data);
                break;
            case "dataframe_records":
                ReadRecords(Rows(data, form));
                break;
            case "instances":
                ReadInstances(Rows(data, form));
                break;
            default:
                ReadInputs(data);
                break;
        }

        return new FeatureTable(features, values, rows);
    }

    private void ReadSplit(JsonElement split)
    {
        const string Shape = "dataframe_split must be an object with columns (a list of names) and data (a list of rows)";
        if (split.ValueKind != JsonValueKind.Object)
            throw Malformed($"{Shape}.");
        if (split.EnumerateObject().Select(member => member.Name).FirstOrDefault(name => name is not ("columns" or "data" or "index")) is { } other)
            throw Malformed($"dataframe_split has '{other}'; {Shape}.");
        if (!split.TryGetProperty("columns", out JsonElement columns) || columns.ValueKind != JsonValueKind.Array || columns.EnumerateArray().Any(column => column.ValueKind != JsonValueKind.String))
            throw Malformed($"{Shape}; columns is missing or not a list of texts.");
        if (!split.TryGetProperty("data", out JsonElement data))
            throw Malformed($"{Shape}; data is missing.");
        int[] places = Places([.. columns.EnumerateArray().Select(column => column.GetString()!)], "dataframe_split.columns");
        JsonElement list = Rows(data, "dataframe_split.data");
        foreach ((int row, JsonElement one) in list.EnumerateArray().Index())
            ReadCells(one, places, row, "dataframe_split.data");
    }

    private void ReadRecords(JsonElement records)
    {
        foreach ((int row, JsonElement record) in records.EnumerateArray().Index())
        {
            if (record.ValueKind != JsonValueKind.Object)
                throw Malformed($"{form}[{row}] must be an object of column and value.");
            ReadRecord(record, row);
        }
    }

    private void ReadInstances(JsonElement instances)
    {
        int[] inOrder = [.. Enumerable.Range(0, features.Count)];
        foreach ((int row, JsonElement instance) in instances.EnumerateArray().Index())
        {
            if (instance.ValueKind == JsonValueKind.Object)
                ReadRecord(instance, row);
            else
                ReadCells(instance, inOrder, row, form);
        }
    }

    private void ReadInputs(JsonElement inputs)
    {
        if (inputs.ValueKind == JsonValueKind.Array)
        {
            ReadInstances(Rows(inputs, form));
            return;
        }

        if (inputs.ValueKind != JsonValueKind.Object)
            throw Malformed("inputs must be an object with a list of values per column, or a list of rows.");
        (string Name, JsonElement Values)[] columns = [.. inputs.EnumerateObject().Select(column => (column.Name, column.Value))];
        int[] places = Places([.. columns.Select(column => column.Name)], form);
        foreach ((int index, (string name, JsonElement list)) in columns.Index())
        {
            if (list.ValueKind != JsonValueKind.Array)
                throw Malformed($"inputs.{name} must be a list with one value per row.");
            if (index == 0)
                Expect(list.GetArrayLength());
            else if (list.GetArrayLength() != rows)
                throw Malformed($"inputs.{name} has {list.GetArrayLength()} values, inputs.{columns[0].Name} has {rows}; all need one per row.");
            foreach ((int row, JsonElement cell) in list.EnumerateArray().Index())
                values[(row * features.Count) + places[index]] = Number(cell, features[places[index]], row, form);
        }
    }

    private void ReadRecord(JsonElement record, int row)
    {
        Span<bool> seen = features.Count <= 256 ? stackalloc bool[features.Count] : new bool[features.Count];
        seen.Clear();
        foreach (JsonProperty member in record.EnumerateObject())
        {
            if (!positions.TryGetValue(member.Name, out int place))
                throw Malformed($"{form}[{row}] has the column '{member.Name}', which the model does not know. {Signature()}");
            if (seen[place])
                throw Malformed($"{form}[{row}] has the column '{member.Name}' twice.");
            seen[place] = true;
            values[(row * features.Count) + place] = Number(member.Value, member.Name, row, form);
        }

        int missing = seen.IndexOf(false);
        if (missing >= 0)
            throw Malformed($"{form}[{row}] lacks the column '{features[missing]}'. {Signature()}");
    }

    private void ReadCells(JsonElement cells, int[] places, int row, string where)
    {
        if (cells.ValueKind != JsonValueKind.Array || cells.GetArrayLength() != places.Length)
            throw Malformed($"{where}[{row}] must be a list of {places.Length} values, one per column{(cells.ValueKind == JsonValueKind.Array ? $"; it has {cells.GetArrayLength()}" : "")}. {Signature()}");
        foreach ((int index, JsonElement cell) in cells.EnumerateArray().Index())
            values[(row * features.Count) + places[index]] = Number(cell, features[places[index]], row, where);
    }

    /// <summary>Where in the model's order each given column belongs.</summary>
    private int[] Places(string[] columns, string where)
    {
        string[] unknown = [.. columns.Where(column => !positions.ContainsKey(column))];
        string[] missing = [.. features.Except(columns, StringComparer.Ordinal)];
        if (unknown.Length > 0 || missing.Length > 0)
        {
            string problem = string.Join(" and ", new[]
            {
                missing.Length > 0 ? $"lacks the columns {string.Join(", ", missing)}" : null,
                unknown.Length > 0 ? $"has columns the model does not know: {string.Join(", ", unknown)}" : null,
            }.OfType<string>());
            throw Malformed($"{where} {problem}. {Signature()}");
        }

        if (columns.Length != features.Count)
            throw Malformed($"{where} names '{columns.GroupBy(column => column).First(group => group.Count() > 1).Key}' twice.");
        return Array.ConvertAll(columns, column => positions[column]);
    }

    private JsonElement Rows(JsonElement list, string where)
    {
        if (list.ValueKind != JsonValueKind.Array)
            throw Malformed($"{where} must be a list of rows.");
        Expect(list.GetArrayLength());
        return list;
    }

    private void Expect(int count)
    {
        if (count > Invocation.MostRows)
            throw Malformed($"{form} has {count} rows; at most {Invocation.MostRows} are scored at once. Score larger sets with a DAG.");
        (rows, values) = (count, new float[count * features.Count]);
    }

    private static float Number(JsonElement cell, string column, int row, string where)
    {
        if (cell.ValueKind == JsonValueKind.Null)
            return float.NaN;
        if (cell.ValueKind == JsonValueKind.Number)
        {
            float number = cell.GetSingle();
            if (float.IsFinite(number))
                return number;
        }

        string text = cell.GetRawText();
        throw Malformed($"{where}[{row}], column '{column}': {(text.Length > 40 ? text[..40] + "…" : text)} is no float; allowed are finite numbers, and null where the value is not known.");
    }

    private string Signature() => $"The signature is {string.Join(", ", features.Select(feature => $"{feature} float"))}.";

    private static InvocationException Malformed(string message) => InvocationException.Malformed(message);
}
