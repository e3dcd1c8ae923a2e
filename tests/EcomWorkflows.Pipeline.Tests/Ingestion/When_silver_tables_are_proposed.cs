using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Ingestion;
using EcomWorkflows.Pipeline.Ingestion.Inference;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Preparation;
using EcomWorkflows.Pipeline.Tests.Features;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Ingestion;

public sealed class When_silver_tables_are_proposed(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ecom-infer-");

    [Theory]
    [InlineData(
        "Datum;Kunde;Kunde Geburtstag;Bestellung;Artikel;Menge;Preis\n31.01.2026 09:30;K1;01.02.1990;77;A-1;2;1,50\n31.01.2026 09:30;K1;01.02.1990;77;A-1;2;1,50\n01.02.2026 10:00;K2;03.04.1985;78;A-2;-1;4,00\n",
        "K1 2026-01-31 09:30:00 purchase A-1 77 2.0 1.5 3.0 true", "K2 2026-02-01 10:00:00 return A-2 78 -1.0 4.0 -4.0 false")]
    [InlineData(
        "timestamp,visitorid,event,itemid,transactionid\n1433221332117,257597,view,355908,\n1433224214164,992329,transaction,248676,5\n1433224214165,992329,wave,248676,\n",
        "257597 2015-06-02 05:02:12.117 view 355908 - - - - true", "992329 2015-06-02 05:50:14.164 purchase 248676 5 - - - true")]
    [InlineData(
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n536365,85123A,LANTERN,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n536366,71053,LANTERN,6,2010-12-01 08:28:00,3.39,,United Kingdom\n",
        "17850 2010-12-01 08:26:00 purchase 85123A 536365 6.0 2.55 15.3 true")]
    [InlineData(
        "{\"ts\":1767225600,\"user_id\":\"u1\",\"user\":\"Ann\",\"action\":\"add_to_cart\",\"sku\":\"s1\"}\n{\"ts\":1767225660,\"user_id\":\"u2\",\"user\":\"Bob\",\"action\":\"Buy\",\"sku\":\"s1\"}\n",
        "u1 2026-01-01 00:00:00 cart s1 - - - - true", "u2 2026-01-01 00:01:00 purchase s1 - - - - true")]
    [InlineData(
        "order_date,ship_date,client no,order,revenue\n2026-01-05,2026-01-04,12,9,10.5\n",
        "12 2026-01-05 00:00:00 purchase - 9 - - 10.5 true")]
    public async Task A_file_of_events_can_be_prepared_as_it_is_proposed(string text, params string[] expected) =>
        (await PrepareAsync(Write("events.txt", text))).ShouldBe(expected);

    [Fact]
    public async Task So_can_one_of_Parquet()
    {
        var path = Path.Combine(folder.FullName, "sales.parquet");
        using (var duck = DuckDbConnection.Open(new DuckDbOptions()))
            duck.Execute($"copy (select timestamp '2026-03-01 12:00:00' as sold_on, timestamp '2026-03-01 11:00:00' as sale_time, 7::integer as customer_id, 'refund' as type, 2.50::decimal(10, 2) as total) to {DuckDbSql.Literal(path)} (format parquet)");

        (await PrepareAsync(path)).ShouldBe(["7 2026-03-01 11:00:00 return - - - - 2.5 true"]);
    }

    [Theory]
    [InlineData("when,who\n2026-01-01 10:00:00,ann\n", "WHICH COLUMN NAMES THE CUSTOMER?")]
    [InlineData("customer,birth_date\nann,1990-01-01\n", "WHICH COLUMN HAS THE TIME?")]
    public async Task A_column_that_is_not_recognised_is_asked_for(string text, string question)
    {
        var failure = await Should.ThrowAsync<TaskFailedException>(() => PrepareAsync(Write("events.csv", text)));

        failure.Message.ShouldContain("proposed.json, silver.events");
        failure.Message.ShouldContain(question);
    }

    [Fact]
    public void Of_other_entities_they_are_left_to_be_written()
    {
        var mapping = MappingInference.Infer(Write("customers.csv", "customer_id,name\n1,Ann\n2,Bob\n"), "proposed", "customers");

        mapping["silver"]!.AsObject().ShouldBeEmpty();
        mapping["entities"]!.AsObject().Select(entity => entity.Key).ShouldBe(["customers"]);
        mapping["description"]!.GetValue<string>().ShouldEndWith("and write the silver tables.");
    }

    public void Dispose() => folder.Delete(recursive: true);

    private string Write(string name, string text)
    {
        var path = Path.Combine(folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    private async Task<IReadOnlyList<string>> PrepareAsync(string path)
    {
        var mapping = MappingInference.Infer(path, "proposed", "events");
        await using var bench = await StageBench.CreateAsync(postgres, new Dictionary<string, string> { ["proposed"] = mapping.ToJsonString() });
        foreach (var (entity, _) in mapping["entities"]!.AsObject())
            await bench.RunAsync<IngestTask, IngestInputs, IngestOutputs>(new IngestInputs { Source = "proposed", Entity = entity, File = path });
        await bench.RunAsync<PrepareTask, PrepareInputs, PrepareOutputs>(new PrepareInputs { Source = "proposed" });
        return await bench.QueryAsync(
            new LakeTableName("silver", "proposed", "events"),
            "select concat_ws(' ', customer_id, event_time, event_type, coalesce(product_id, '-'), coalesce(order_id, '-'), coalesce(quantity::varchar, '-'), coalesce(unit_price::varchar, '-'), coalesce(round(amount, 2)::varchar, '-'), is_activity) from t order by line",
            row => row.Get<string>(0));
    }
}
