using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Validation.Checks;
using EcomWorkflows.Pipeline.Validation.Profiling;

namespace EcomWorkflows.Pipeline.Validation.Proposal;

/// <summary>Reads the facts of all columns of a relation: one scan for the figures, one per column with few values.</summary>
internal static class FactsReader
{
    /// <summary>Up to this many different values a column is taken for a set of categories.</summary>
    private const int MostCategories = 30;

    private const int FiguresPerColumn = 10;

    public static IReadOnlyList<ColumnFacts> Read(DuckDbConnection duck, string relation, IReadOnlyList<TableColumn> columns, CancellationToken cancellationToken)
    {
        var figures = columns.Select(column =>
        {
            var id = DuckDbSql.Identifier(column.Name);
            var number = column.KindOf() == ColumnKind.Number;
            var text = column.Type == "VARCHAR";
            var shape = $"regexp_replace(regexp_replace(regexp_replace({id}, '[0-9]', '9', 'g'), '[A-Z]', 'A', 'g'), '[a-z]', 'a', 'g')";
            return $"""
                  count({id}), count(distinct {id}), {(column.KindOf() == ColumnKind.Other ? "null, null" : $"min({id})::varchar, max({id})::varchar")},
                  {(number ? $"avg({id}), stddev_samp({id}), quantile_cont({id}::double, [0.01, 0.25, 0.5, 0.75, 0.99])" : "null::double, null::double, null::double[]")},
                  {(text ? $"min(length({id}))::bigint, max(length({id}))::bigint, case when min({shape}) = max({shape}) then min({shape}) end" : "null::bigint, null::bigint, null::varchar")}
                """;
        });
        List<ColumnFacts> facts;
        using (var reader = duck.Query($"select count(*),\n{string.Join(",\n", figures)}\nfrom {relation}", ct: cancellationToken))
        {
            reader.Read();
            var rows = reader.Get<long>(0);
            facts = [.. columns.Select((column, index) =>
            {
                var first = 1 + (index * FiguresPerColumn);
                return new ColumnFacts(
                    column, rows, reader.Get<long>(first), reader.Get<long>(first + 1), reader.Get<string?>(first + 2), reader.Get<string?>(first + 3), reader.Get<double?>(first + 4),
                    reader.Get<double?>(first + 5), reader.IsNull(first + 6) ? null : [.. ((object?[])reader.GetValue(first + 6)!).Select(value => (double)value!)],
                    reader.Get<long?>(first + 7), reader.Get<long?>(first + 8), reader.Get<string?>(first + 9), null);
            })];
        }
        return [.. facts.Select(fact => fact.Distinct is > 0 and <= MostCategories && fact.Kind is (ColumnKind.Text or ColumnKind.Number)
            ? fact with { Categories = Categories(duck, relation, fact.Column, cancellationToken) }
            : fact with { Parts = Parts(duck, relation, fact, cancellationToken) })];
    }

    private static (IReadOnlyList<double> Edges, IReadOnlyList<long> Rows)? Parts(DuckDbConnection duck, string relation, ColumnFacts fact, CancellationToken cancellationToken)
    {
        if (fact.Quantiles is not { } quantiles)
            return null;
        var most = double.Parse(fact.Max!);
        double[] edges = [.. quantiles.Skip(1).Take(3).Distinct().Where(edge => edge < most)];
        if (edges.Length < 2)
            return null;
        var parts = new ReferenceDistribution(edges, null, new double[edges.Length + 1], null, "");
        return (edges, parts.Read(duck.Scalar<string>($"select {parts.Counts(DuckDbSql.Identifier(fact.Column.Name), fact.Column.Type, SqlText.True)} from {relation}", ct: cancellationToken)));
    }

    private static IReadOnlyList<(string Json, long Rows)> Categories(DuckDbConnection duck, string relation, TableColumn column, CancellationToken cancellationToken)
    {
        var id = DuckDbSql.Identifier(column.Name);
        return duck.QueryRows(
            $"""
            select to_json({id})::varchar, count(*) as copies
            from {relation}
            where {id} is not null
            group by {id}
            order by copies desc, 1
            """, row => (row.Get<string>(0), row.Get<long>(1)), ct: cancellationToken);
    }
}
