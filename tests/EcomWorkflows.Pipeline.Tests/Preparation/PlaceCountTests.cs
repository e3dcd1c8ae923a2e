using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Preparation;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Preparation;

public sealed class PlaceCountTests : IDisposable
{
    private const string Rows = "select case when i % 3 > 0 then 'a file with a longer name ' || i % 2 || '.csv' when i % 2 = 0 then 'b.csv' end as file, case when i % 7 > 0 then i // 2 end as line, i from range(300000) r(i)";

    private readonly DuckDbConnection duckDb = DuckDbConnection.Open(new DuckDbOptions { Threads = 2 });

    public PlaceCountTests() => duckDb.Execute($"create table r as {Rows}");

    [Fact]
    public void The_order_of_rows_does_not_matter() => Of("select * from r order by hash(i)").ShouldBe(Of("select * from r"));

    [Theory]
    [InlineData("select * from r where i <> 77777")]
    [InlineData("select * replace (case when i = 77777 then 77779 else i end as i) from r union all select * from r where i = 5")]
    [InlineData("select * replace (case when i = 1 then line + 1 when i = 5 then line - 1 else line end as line) from r")]
    [InlineData("select * replace (case when i = 4 then 'c.csv' else file end as file) from r")]
    [InlineData("select * replace (case when i = 7 then 0 else line end as line) from r")]
    public void Other_rows_are_told_from_those_that_went_in(string others) => Of(others).ShouldNotBe(Of("select * from r"));

    [Fact]
    public void Rows_that_a_condition_leaves_out_are_not_counted()
    {
        duckDb.CreatePredicate("is_refused", [DuckDbType.BigInt], (chunk, answers) =>
        {
            for (var row = 0; row < chunk.Rows; row++)
                answers[row] = chunk.Column<long>(0)[row] % 1000 == 7;
        });

        Of("select * from r where not is_refused(i)").ShouldBe(Of("select * from r where i % 1000 <> 7"));
        Of("select * from r where not is_refused(i)").Rows.ShouldBe(299_700);
    }

    [Fact]
    public void Counts_add_up() => (Of("select * from r where i < 1000") + Of("select * from r where i >= 1000")).ShouldBe(Of("select * from r"));

    [Fact]
    public void No_rows_are_none() => Of("select * from r where false").ShouldBe(default);

    public void Dispose() => duckDb.Dispose();

    private RowPlaces Of(string select) => PlaceCount.Of(duckDb, select, CancellationToken.None);
}
