using System.Text.Json.Nodes;

namespace EcomWorkflows.Pipeline.Validation.Checks;

/// <summary>What a column's values are expected to be distributed like.</summary>
/// <param name="Edges">Inner edges in rising order where values are ordered; null for categories.</param>
/// <param name="Categories">The values by share, where they are categories; all others count as one more.</param>
/// <param name="Shares">Share of each bin: one more than edges or categories.</param>
/// <param name="Rows">How many values the shares are from; null where the suite states them, as exactly known.</param>
/// <param name="Words">Where it is from, for statements.</param>
internal sealed record ReferenceDistribution(
    IReadOnlyList<double>? Edges, IReadOnlyList<JsonNode>? Categories, IReadOnlyList<double> Shares, long? Rows, string Words)
{
    /// <summary>SQL aggregate: a list with the count of each bin.</summary>
    /// <param name="column">Quoted name.</param>
    public string Counts(string column, string type, string scope)
    {
        var among = SqlText.And(scope, $"{column} is not null");
        if (Categories is not null)
        {
            var each = Categories.Select(value => $"count_if({SqlText.And(scope, $"{column} = {SqlText.Literal(value)}")})");
            var known = Categories.Count == 0 ? "false" : $"{column} in ({string.Join(", ", Categories.Select(SqlText.Literal))})";
            return $"to_json([{string.Join(", ", each.Append($"count_if({SqlText.And(among, $"not ({known})")})"))}])::varchar";
        }
        var number = Number(column, type);
        return Edges!.Count == 0
            ? $"to_json([count_if({among})])::varchar"
            : $"to_json(map_values(histogram({number}, [{string.Join(", ", Edges.Select(edge => $"{edge:R}::double"))}]) filter (where {among})))::varchar";
    }

    /// <summary>The counts as read from the aggregate, one for each share.</summary>
    public long[] Read(object? counts)
    {
        var read = counts is string json ? [.. JsonNode.Parse(json)!.AsArray().Select(count => count!.GetValue<long>())] : Array.Empty<long>();
        Array.Resize(ref read, Shares.Count);
        return read;
    }

    /// <summary>Numbers and moments as numbers, so that both can be cut into bins.</summary>
    public static string Number(string column, string type) => IsMoment(type) ? $"epoch({column}::timestamp)" : $"{column}::double";

    private static bool IsMoment(string type) => type == "DATE" || type.StartsWith("TIMESTAMP", StringComparison.Ordinal);
}
