using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Features.VisitorItem;

namespace EcomWorkflows.Pipeline.Scoring.Purchase;

/// <summary>Pairs of visitor and item that were bought, candidates or not; the lists run in parallel.</summary>
internal sealed record BoughtPairs(RowKeys Visitors, RowKeys Items)
{
    internal int Count => Visitors.Count;

    /// <summary>Those bought in <c>[from, to)</c>.</summary>
    /// <param name="duckdb">With the purchases loaded (<see cref="PairSql.LoadPurchases"/>).</param>
    internal static BoughtPairs Read(DuckDbConnection duckdb, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var bought = new BoughtPairs(new RowKeys(), new RowKeys());
        using DuckDbReader rows = duckdb.Query(PairSql.Bought(from, to), null, cancellationToken);
        while (rows.Read())
        {
            bought.Visitors.Add(rows.GetBytes(0));
            bought.Items.Add(rows.GetBytes(1));
        }

        return bought;
    }
}
