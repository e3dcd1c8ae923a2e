using System.Text.Json.Nodes;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Validation.Profiling;

namespace EcomWorkflows.Pipeline.Validation.Checks;

/// <summary>Finds the distribution a check compares with: stated in the suite, or measured on another table.</summary>
internal static class ReferenceDistributions
{
    /// <summary>The snapshot of the same table that an earlier run published.</summary>
    public const string Previous = "previous";

    private const int DefaultBins = 10;

    /// <summary>Rarer categories count together: each alone has too few rows to say anything.</summary>
    private const int MostCategories = 50;

    /// <returns>Null where the table compared with is the earlier run's and there is none yet.</returns>
    public static ReferenceDistribution? Find(CheckBuilder check, string column)
    {
        if (check.Kwargs["partition_object"] is JsonObject stated)
            return Stated(stated);
        var name = check.Text("reference_table", Previous);
        if (name == Previous && !check.Table.References.ContainsKey(Previous))
            return null;
        var view = check.Reference(name);
        var words = name == Previous ? "the run before" : name;
        var (id, type) = (DuckDbSql.Identifier(check.Text("reference_column", column)), check.Table.Find(column)!);
        var reference = type.KindOf() is ColumnKind.Number or ColumnKind.Time
            ? Bins(check, id, type.Type, view, words)
            : Categories(check, id, view, words);
        return reference.Rows == 0 ? throw new CheckException($"{name} has no value of {column} to compare with.") : reference;
    }

    /// <summary>Why a stated distribution cannot be meant so; null when it can.</summary>
    public static string? Problem(JsonNode? stated)
    {
        const string form = "\"partition_object\" holds \"weights\" (numbers from 0 to 1 that sum to 1) and either \"values\" (one for each weight) or \"bins\" (edges in rising order, one more than weights)";
        if (stated is null)
            return null;
        if (stated["weights"] is not JsonArray { Count: > 0 } weights || weights.Any(weight => weight?.GetValueKind() != System.Text.Json.JsonValueKind.Number))
            return form;
        var tails = (stated["tail_weights"] as JsonArray ?? []).Sum(weight => weight!.GetValue<double>());
        if (Math.Abs(weights.Sum(weight => weight!.GetValue<double>()) + tails - 1) > 0.001)
            return form;
        if (stated["values"] is JsonArray values)
            return values.Count == weights.Count ? null : form;
        return stated["bins"] is JsonArray bins && bins.Count == weights.Count + 1 && bins.All(edge => edge?.GetValueKind() == System.Text.Json.JsonValueKind.Number)
            && bins.Zip(bins.Skip(1)).All(pair => pair.First!.GetValue<double>() < pair.Second!.GetValue<double>())
            ? null
            : form;
    }

    private static ReferenceDistribution Stated(JsonObject stated)
    {
        var weights = stated["weights"]!.AsArray().Select(weight => weight!.GetValue<double>());
        if (stated["values"] is JsonArray values)
            return new ReferenceDistribution(null, [.. values.Select(value => value!.DeepClone())], [.. weights, 0], null, "the suite's weights");
        var tails = (stated["tail_weights"] as JsonArray)?.Select(weight => weight!.GetValue<double>()).ToList() ?? [0, 0];
        return new ReferenceDistribution(
            [.. stated["bins"]!.AsArray().Select(edge => edge!.GetValue<double>())], null, [tails[0], .. weights, tails[^1]], null, "the suite's weights");
    }

    private static ReferenceDistribution Bins(CheckBuilder check, string id, string type, string view, string words)
    {
        var number = ReferenceDistribution.Number(id, type);
        var steps = Enumerable.Range(1, (int)check.Number("bins", DefaultBins) - 1).Select(bin => bin / check.Number("bins", DefaultBins));
        var (quantiles, most) = check.Duck.QueryRows(
            $"select quantile_disc({number}, [{string.Join(", ", steps)}]), max({number}) from {view} where {id} is not null and isfinite({number})",
            row => (row.IsNull(0) ? [] : (object?[])row.GetValue(0)!, row.Get<double?>(1)))[0];
        // Where a value repeats, its bin ends with it; the largest value needs no edge.
        double[] edges = [.. quantiles.OfType<double>().Distinct().Where(edge => edge < most)];
        var reference = new ReferenceDistribution(edges, null, new double[edges.Length + 1], null, words);
        return WithShares(check, reference, id, type, view);
    }

    private static ReferenceDistribution Categories(CheckBuilder check, string id, string view, string words)
    {
        var values = check.Duck.QueryRows(
            $"select {id}::varchar from {view} where {id} is not null group by 1 order by count(*) desc, 1 limit {MostCategories}",
            row => (JsonNode)JsonValue.Create(row.Get<string>(0))!);
        return WithShares(check, new ReferenceDistribution(null, values, new double[values.Count + 1], null, words), id, "VARCHAR", view);
    }

    private static ReferenceDistribution WithShares(CheckBuilder check, ReferenceDistribution empty, string id, string type, string view)
    {
        var counts = empty.Read(check.Duck.Scalar<string>($"select {empty.Counts(id, type, SqlText.True)} from {view}"));
        var total = counts.Sum();
        return empty with { Shares = [.. counts.Select(count => total == 0 ? 0 : (double)count / total)], Rows = total };
    }
}
