using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Lake;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Lake;

public sealed class ParquetFormatTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("ecom-format-").FullName;
    private readonly DuckDbConnection duck = DuckDbConnection.Open(new DuckDbOptions());

    [Theory]
    [InlineData("hash(i) as id, (hash(i + 1) % 1000000)::varchar as customer_id", "UNCOMPRESSED")]
    [InlineData("i as id, 'WHITE HANGING HEART T-LIGHT HOLDER ' || i % 5000 as description", "LZ4_RAW")]
    public void A_table_is_packed_where_that_saved_something_of_one_like_it(string columns, string compression)
    {
        var (like, file) = (Path.Combine(folder, "like.parquet"), Path.Combine(folder, "file.parquet"));
        var rows = $"select {columns} from range(50000) r(i)";
        duck.Execute($"copy ({rows}) to '{like}' {ParquetFormat.Options}");

        duck.Execute($"copy ({rows}) to '{file}' {ParquetFormat.Like(duck, like, CancellationToken.None)}");

        duck.Scalar<string>($"select any_value(compression) from parquet_metadata('{file}')").ShouldBe(compression);
        duck.Scalar<long>($"select count(*) from (select * from '{like}' except all select * from '{file}')").ShouldBe(0);
    }

    [Fact]
    public void A_table_like_an_empty_one_is_packed()
    {
        var like = Path.Combine(folder, "like.parquet");
        duck.Execute($"copy (select 1 as a where false) to '{like}' {ParquetFormat.Options}");

        ParquetFormat.Like(duck, like, CancellationToken.None).ShouldBe(ParquetFormat.Options);
    }

    public void Dispose()
    {
        duck.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
