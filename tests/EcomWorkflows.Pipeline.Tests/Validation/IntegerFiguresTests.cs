using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Validation.Profiling;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Validation;

public sealed class IntegerFiguresTests : IDisposable
{
    private readonly DuckDbConnection duck = DuckDbConnection.Open(new DuckDbOptions { Threads = 2 });

    [Theory]
    [InlineData("i", 100.0, 29_000.0)]
    [InlineData("case when i % 3 > 0 then i * i - 5000 end", 0.0, 1e8)]
    [InlineData("case when i % 2 = 0 then 9223372036854775807 else -9223372036854775808 end", -9e18, 9e18)]
    [InlineData("case when i = 17 then -4 end", -4.0, -4.0)]
    [InlineData("null::bigint", 0.0, 1.0)]
    public void They_are_those_that_SQL_computes(string value, double low, double high)
    {
        duck.Execute($"create table t as select ({value})::bigint as v from range(30000) r(i)");
        var figures = new IntegerFigures(low, high, countsDistinct: true);

        using (var reader = duck.Query("select v from t"))
        {
            while (reader.NextChunk())
                figures.Add(reader.Column<long>(0), reader.Validity(0));
        }

        duck.QueryRows(
            "select count(v), min(v), max(v), avg(v), count(distinct v) from t",
            row => (Given: row.Get<long>(0), Min: row.Get<long?>(1), Max: row.Get<long?>(2), Mean: row.Get<double?>(3), Distinct: row.Get<long>(4)))[0].ShouldSatisfyAllConditions(
            of => figures.Given.ShouldBe(of.Given),
            of => figures.Min.ShouldBe(of.Min),
            of => figures.Max.ShouldBe(of.Max),
            of => (figures.Mean ?? 0).ShouldBe(of.Mean ?? 0, 1e-9 + (1e-9 * Math.Abs(of.Mean ?? 0))),
            of => ((double)figures.Distinct).ShouldBe(of.Distinct, 0.5 + (0.1 * of.Distinct)));
        figures.Bins.ShouldBe(Bins(low, high));
    }

    public void Dispose() => duck.Dispose();

    private IReadOnlyList<long> Bins(double low, double high) => duck.QueryRows(
        $"""
        select count(bin)
        from range({ColumnFigures.HistogramBins}) b(i)
        left join (select least({ColumnFigures.HistogramBins - 1}, greatest(0, floor((v::double - $low) / $width))) as bin from t where v is not null) on bin = i
        group by i
        order by i
        """,
        row => row.Get<long>(0), new { low, width = ColumnFigures.BinWidth(low, high) });
}
