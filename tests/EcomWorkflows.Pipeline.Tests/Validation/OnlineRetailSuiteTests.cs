using EcomWorkflows.Pipeline.Validation;
using EcomWorkflows.Pipeline.Validation.Results;
using EcomWorkflows.Pipeline.Validation.Suites;
using EcomWorkflows.Testing;
using Shouldly;

namespace EcomWorkflows.Pipeline.Tests.Validation;

public class OnlineRetailSuiteTests
{
    private const string File = "online-retail-part1.csv.gz";

    [SharedDataFact(File)]
    public void The_suite_finds_what_is_known_of_the_data()
    {
        using var table = TableUnderTest.Of(
            $"""
            select *, 'part1.csv' as _file, row_number() over () + 1 as _line
            from read_csv('{SharedData.Path(File)}', columns = {BronzeColumns}, parallel = false)
            """);

        var result = table.Run(Suite());

        result.RowsRead.ShouldBe(370_931);
        Count(result, "missing_customer").ShouldBe(98_056);
        Count(result, "missing_description").ShouldBe(1_260);
        Count(result, "exact_duplicate").ShouldBe(2_848);
        Count(result, "cancellation").ShouldBe(6_652);
        Count(result, "negative_sale").ShouldBe(1_023);
        Count(result, "negative_price").ShouldBe(2);
        Count(result, "zero_price").ShouldBe(1_957);
        result.RowsKept.ShouldBe(270_039);
        result.Reasons.ToDictionary(reason => reason.Code, reason => reason.Rows).ShouldBe(new Dictionary<string, long>
        {
            ["missing_customer"] = 98_056,
            ["exact_duplicate"] = 2_848,
            ["zero_price"] = 1_957,
            ["negative_price"] = 2,
        });
        result.Outcome.ShouldBe(ValidationOutcome.Warned);
        result.Expectations.ShouldAllBe(expectation => expectation.Exception == null);
    }

    private const string BronzeColumns =
        "{'InvoiceNo': 'varchar', 'StockCode': 'varchar', 'Description': 'varchar', 'Quantity': 'bigint', 'InvoiceDate': 'timestamp', 'UnitPrice': 'double', 'CustomerID': 'varchar', 'Country': 'varchar'}";

    private static ExpectationSuite Suite() => new SuiteCatalog(new PipelineOptions
    {
        Home = "", DataVersionsFolder = "", WorkflowsFolder = Path.Combine(RepositoryRoot.Path, "workflows"),
    }).Get("online-retail/events");

    private static long? Count(ValidationResult result, string code) =>
        result.Expectations.Single(expectation => expectation.Expectation.Code == code).UnexpectedCount;
}
