using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Preparation;
using EcomWorkflows.Testing;

namespace EcomWorkflows.Pipeline.Tests.Features;

/// <summary>The real Online Retail file as bronze tables.</summary>
internal static class OnlineRetail
{
    public const string File = "online-retail-part1.csv.gz";

    public const string Source = "online-retail";

    public static async Task<PrepareOutputs> PrepareAsync(StageBench bench)
    {
        await bench.PublishTableAsync(
            new LakeTableName("bronze", "online_retail", "events"),
            $$"""
            select *, 'online-retail-part1.csv.gz' as _file, row_number() over () + 1 as _line
            from read_csv({{DuckDbSql.Literal(SharedData.Path(File))}}, header = true, columns = {
              InvoiceNo: 'varchar', StockCode: 'varchar', Description: 'varchar', Quantity: 'bigint', InvoiceDate: 'timestamp', UnitPrice: 'double',
              CustomerID: 'double', Country: 'varchar'})
            """);
        foreach (var entity in new[] { "products", "customers", "orders", "order_items" })
            await bench.PublishTableAsync(new LakeTableName("bronze", "online_retail", entity), "select null::varchar as _file, null::bigint as _line where false");
        return await bench.RunAsync<PrepareTask, PrepareInputs, PrepareOutputs>(new PrepareInputs { Source = Source });
    }
}
