using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Training;

namespace EcomWorkflows.Bench.Training;

/// <summary>Public labelled files as tables of numbers: words become one column per word but the first.</summary>
internal static class LabelledCsv
{
    private const int MostWords = 30;

    /// <param name="select">A DuckDB query over the file; its last column is the label, 0 or 1.</param>
    public static LabelledTable Read(string select)
    {
        using var duckdb = DuckDbConnection.Open(new DuckDbOptions { PreserveInsertionOrder = true });
        duckdb.Execute($"create table t as {select}");
        var columns = duckdb.QueryRows("select column_name, column_type from (describe t)", row => (Name: row.Get<string>(0), Type: row.Get<string>(1)));
        var expressions = new List<(string Name, string Sql)>();
        foreach (var (name, type) in columns.SkipLast(1))
        {
            var quoted = $"\"{name}\"";
            if (type != "VARCHAR")
            {
                expressions.Add((name, $"{quoted}::float"));
                continue;
            }
            var words = duckdb.QueryRows($"select distinct {quoted} from t where {quoted} is not null order by 1", row => row.Get<string>(0));
            if (words.Count > MostWords)
                throw new InvalidDataException($"Column {name} has {words.Count} different words; at most {MostWords} are expected.");
            expressions.AddRange(words.Skip(1).Select(word => ($"{name}={word}", $"({quoted} = '{word.Replace("'", "''")}')::float")));
        }

        var rows = duckdb.QueryRows(
            $"select {string.Join(", ", expressions.Select((e, i) => $"{e.Sql} as c{i}"))}, \"{columns[^1].Name}\"::int as label from t",
            row => (Values: expressions.Select((_, i) => row.IsNull(i) ? float.NaN : row.Get<float>(i)).ToArray(), Label: row.Get<int>(expressions.Count) == 1));
        return new LabelledTable(
            new FeatureTable([.. expressions.Select(e => e.Name)], [.. rows.SelectMany(row => row.Values)], rows.Count), [.. rows.Select(row => row.Label)]);
    }
}
