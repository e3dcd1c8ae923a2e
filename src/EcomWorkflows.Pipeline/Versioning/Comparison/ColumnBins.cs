using System.Globalization;
using EcomWorkflows.DuckDB;

namespace EcomWorkflows.Pipeline.Versioning.Comparison;

/// <summary>Bins of a column as SQL conditions; a missing value has a bin of its own.</summary>
internal sealed record ColumnBins(string Column, IReadOnlyList<string> Conditions)
{
    /// <param name="edges">Inner edges in rising order.</param>
    public static ColumnBins OfNumber(string column, IReadOnlyList<double> edges)
    {
        var name = DuckDbSql.Identifier(column);
        var literals = edges.Select(e => $"{e.ToString("R", CultureInfo.InvariantCulture)}::double").ToList();
        if (literals.Count == 0)
            return new ColumnBins(column, [$"{name} is not null", $"{name} is null"]);
        return new ColumnBins(
            column,
            [
                $"{name} <= {literals[0]}",
                .. literals.Zip(literals.Skip(1), (low, high) => $"{name} > {low} and {name} <= {high}"),
                $"{name} > {literals[^1]}",
                $"{name} is null",
            ]);
    }

    public static ColumnBins OfText(string column, IReadOnlyList<string> frequent)
    {
        var name = $"{DuckDbSql.Identifier(column)}::varchar";
        return new ColumnBins(
            column,
            [
                .. frequent.Select(value => $"{name} = {DuckDbSql.Literal(value)}"),
                $"{name} not in ({string.Join(", ", frequent.Select(DuckDbSql.Literal))})",
                $"{name} is null",
            ]);
    }
}
