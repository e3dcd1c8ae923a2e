using EcomWorkflows.Pipeline.Ingestion;
using EcomWorkflows.Pipeline.Tests.Simulation;
using EcomWorkflows.Pipeline.Validation;
using EcomWorkflows.Testing;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Validation;

/// <summary>The shipped suites on the real data sets, through ingestion and validation as they are, against what the data's own description counts.</summary>
public sealed class RealDataSuiteTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IDisposable
{
    private const string OnlineRetail = "online-retail-part1.csv.gz";
    private const string OnlineRetailLatin1 = "online-retail-latin1-fixture.csv.gz";
    private const string Telco = "telco-customer-churn.csv.gz";
    private const string Shoppers = "online-shoppers-intention.csv.gz";
    private const string RetailRocketSample = "retailrocket-sample-events-part1.csv.gz";
    private const string RetailRocketSynthetic = "synthetic-rr-shaped-events-part1.csv.gz";

    private static readonly DateTimeOffset Until = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);
    private readonly string home = Directory.CreateTempSubdirectory("ecom-validation-").FullName;

    [SharedDataFact(OnlineRetail)]
    public async Task Online_Retail_has_the_findings_its_description_counts()
    {
        var (outputs, found) = await ValidateAsync("online-retail", OnlineRetail);

        (outputs.RowsChecked, outputs.RowsKept, outputs.Outcome).ShouldBe((370_931, 270_039, "warned"));
        outputs.QuarantinedByReason.ShouldBe(
            new Dictionary<string, long> { ["missing_customer"] = 98_056, ["exact_duplicate"] = 2_848, ["zero_price"] = 1_957, ["negative_price"] = 2 },
            ignoreOrder: true);
        found.Where(finding => finding.Value > 0).ShouldBe(
            new Dictionary<string, long>
            {
                ["missing_customer"] = 98_056,
                ["missing_description"] = 1_260,
                ["exact_duplicate"] = 2_848,
                ["zero_price"] = 1_957,
                ["negative_price"] = 2,
                ["cancellation"] = 6_652,
                ["negative_sale"] = 7_675 - 6_652,
                ["not_a_product"] = 2_246,
                ["country_unspecified"] = 393,
                ["extreme_quantity"] = 2,
            },
            ignoreOrder: true);
    }

    /// <summary>The spreadsheet export of the same shop: 2,030 rows with their own encoding, dates and line ends; the defects are those counted in the file.</summary>
    [SharedDataFact(OnlineRetailLatin1)]
    public async Task The_Latin_1_export_has_the_defects_of_its_rows()
    {
        var (outputs, found) = await ValidateAsync("online-retail-latin1", OnlineRetailLatin1);

        (outputs.RowsChecked, outputs.Outcome).ShouldBe((2_030, "warned"));
        found.Where(finding => finding.Value > 0).ShouldBe(
            new Dictionary<string, long>
            {
                ["missing_customer"] = 563, ["missing_description"] = 6, ["exact_duplicate"] = 36, ["zero_price"] = 6, ["cancellation"] = 26, ["not_a_product"] = 35,
            },
            ignoreOrder: true);
    }

    [SharedDataFact(Telco)]
    public async Task Telco_passes_its_proposed_suite()
    {
        var (outputs, _) = await ValidateAsync("telco", Telco, "customers");

        (outputs.RowsChecked, outputs.RowsKept, outputs.Outcome).ShouldBe((7_043, 7_043, "passed"));
    }

    [SharedDataFact(Shoppers)]
    public async Task Online_Shoppers_passes_its_proposed_suite()
    {
        var (outputs, _) = await ValidateAsync("online-shoppers", Shoppers, "sessions");

        (outputs.RowsChecked, outputs.RowsKept, outputs.Outcome).ShouldBe((12_330, 12_330, "passed"));
    }

    [SharedDataFact(RetailRocketSample)]
    public async Task The_RetailRocket_sample_has_three_duplicates_and_nothing_else()
    {
        var (outputs, found) = await ValidateAsync("retailrocket", RetailRocketSample);

        (outputs.RowsChecked, outputs.RowsKept, outputs.Outcome).ShouldBe((7_686, 7_683, "passed"));
        found.Where(finding => finding.Value > 0).ShouldBe(new Dictionary<string, long> { ["exact_duplicate"] = 3 });
    }

    [SharedDataFact(RetailRocketSynthetic)]
    public async Task The_synthetic_events_have_385_duplicates_and_nothing_else()
    {
        var (outputs, found) = await ValidateAsync("retailrocket", RetailRocketSynthetic);

        (outputs.RowsChecked, outputs.RowsKept, outputs.Outcome).ShouldBe((2_247_922, 2_247_537, "passed"));
        found.Where(finding => finding.Value > 0).ShouldBe(new Dictionary<string, long> { ["exact_duplicate"] = 385 });
    }

    public void Dispose() => Directory.Delete(home, recursive: true);

    /// <summary>What validation gives out, and the failing rows by reason code as the database has them.</summary>
    private async Task<(ValidateOutputs Outputs, Dictionary<string, long> Found)> ValidateAsync(string source, string file, string entity = "events")
    {
        await using var bench = await PipelineBench.StartAsync(home, await postgres.CreateDatabaseAsync(), server: "http://127.0.0.1:1", Until);
        await bench.RunAsync(
            ActivatorUtilities.CreateInstance<IngestTask>(bench.Services), new IngestInputs { Source = source, Entity = entity, File = SharedData.Path(file) });
        var outputs = await bench.RunAsync(ActivatorUtilities.CreateInstance<ValidateTask>(bench.Services), new ValidateInputs { Source = source, Entity = entity });
        var expectations = await bench.Services.GetRequiredService<QualityResults>().ExpectationsAsync(outputs.ValidationResultId!.Value, CancellationToken.None);
        expectations.ShouldAllBe(expectation => expectation.ExceptionMessage == null);
        return (outputs, expectations.Where(e => e.UnexpectedCount is not null).GroupBy(e => e.Code).ToDictionary(code => code.Key, code => code.Sum(e => e.UnexpectedCount!.Value)));
    }
}
