using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Preparation;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Preparation;

public sealed class RowSetTests : IDisposable
{
    private readonly DuckDbConnection duckDb = DuckDbConnection.Open(new DuckDbOptions { Threads = 2, PreserveInsertionOrder = true });

    [Theory]
    [InlineData("false")]
    [InlineData("i % 5000 = 7")]
    [InlineData("i % 5000 = 7 and i % 2 = 1")]
    [InlineData("i <> 7")]
    public void Rows_are_marked_by_file_and_line_whether_few_or_many(string marked)
    {
        duckDb.Execute(
            $"""
            create table place as
            select case when i % 3 > 0 then 'a file with a longer name ' || i % 2 || '.csv' when i % 2 = 0 then 'b.csv' end as file, i // 2 as line, i
            from range(2000001) r(i);

            create view bronze as
            select file as _file, line as _line, i
            from place;

            create table wanted as
            select file, line
            from place
            where {marked}
            union all
            select distinct 'elsewhere.csv', line
            from place
            where {marked}
            """);
        var select = RowSet.Mark(duckDb, "bronze", "wanted", "_wanted", CancellationToken.None);

        duckDb.Scalar<long>($"select count(*) from ({select}) where _wanted is distinct from (({marked}) and _file is not null)").ShouldBe(0);
        duckDb.Scalar<long>($"select count(*) from ({select})").ShouldBe(2_000_001);
    }

    public void Dispose() => duckDb.Dispose();
}
