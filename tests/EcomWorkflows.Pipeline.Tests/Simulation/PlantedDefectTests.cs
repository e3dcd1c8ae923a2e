using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Ingestion;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Simulation;
using EcomWorkflows.Pipeline.Validation;
using EcomWorkflows.Server.Api.DemoShop;
using EcomWorkflows.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Simulation;

/// <summary>The demo's shop through ingestion and validation as they are, its defects compared with the manifest one by one.</summary>
public sealed class PlantedDefectTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly string[] Entities = ["events", "products", "customers", "orders", "order_items"];

    private readonly string home = Directory.CreateTempSubdirectory("ecom-").FullName;
    private WebApplication server = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        server = builder.Build();
        DemoShopApi.Map(server, new DemoShopOptions { CustomersFile = Path.Combine(home, "shop", "customers.json"), Faults = [new DemoShopFault(503)] });
        await server.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        Directory.Delete(home, recursive: true);
    }

    [Fact]
    public async Task Every_planted_defect_is_found_and_nothing_else()
    {
        var manifest = ShopSimulator.Write(
            new SimulationOptions { Until = SmallShop.Until, Folder = Path.Combine(home, "shop") }, progress: null, CancellationToken.None);
        await using var bench = await PipelineBench.StartAsync(home, postgres.ConnectionString, server.Urls.Single(), SmallShop.Until);
        var ingest = ActivatorUtilities.CreateInstance<IngestTask>(bench.Services);
        var validate = ActivatorUtilities.CreateInstance<ValidateTask>(bench.Services);

        foreach (var entity in Entities)
        {
            var ingested = await bench.RunAsync(ingest, new IngestInputs { Source = "shop", Entity = entity });
            ingested.RowsRead.ShouldBe(manifest.Files.Where(file => file.Entity == entity).Sum(file => file.Rows), entity);
        }
        foreach (var entity in Entities)
        {
            var planted = manifest.Defects.Where(defect => defect.Entity == entity).ToList();

            var validated = await bench.RunAsync(validate, new ValidateInputs { Source = "shop", Entity = entity });

            var expected = planted.Select(defect => Finding(defect.File, defect.Line, [defect.Rule, .. new[] { defect.AlsoBreaks }.OfType<string>()])).ToList();
            var found = await QuarantineAsync(bench, entity);
            found.Except(expected).ShouldBeEmpty($"{entity}: found and not planted");
            expected.Except(found).ShouldBeEmpty($"{entity}: planted and not found");
            validated.RowsQuarantined.ShouldBe(planted.Count, entity);
            var counts = planted.SelectMany(defect => new[] { defect.Rule, defect.AlsoBreaks }.OfType<string>())
                .CountBy(rule => rule).ToDictionary(rule => rule.Key, rule => (long)rule.Value);
            validated.QuarantinedByReason.Where(reason => reason.Value > 0).ShouldBe(counts, ignoreOrder: true, entity);
            ReportedCounts(Path.Combine(home, validated.ReportPath!)).ShouldBe(counts, ignoreOrder: true, $"report.csv of {entity}");
            ReportedRows(Path.Combine(home, validated.ReportPath!)).ShouldBe(expected, ignoreOrder: true, $"quarantine.csv of {entity}");
        }
    }

    /// <summary>What the report a person opens says, by issue.</summary>
    private static List<KeyValuePair<string, long>> ReportedCounts(string report)
    {
        using var duck = DuckDbConnection.Open(new DuckDbOptions());
        return [.. duck.QueryRows(
            $"select issue, sum(count)::bigint from read_csv({LakeStore.Quote(Path.Combine(report, "report.csv"))}) where count > 0 group by issue",
            row => KeyValuePair.Create(row.Get<string>(0), row.Get<long>(1)), ct: CancellationToken.None)];
    }

    private static List<string> ReportedRows(string report)
    {
        using var duck = DuckDbConnection.Open(new DuckDbOptions());
        return [.. duck.QueryRows(
            $"select file, line::bigint, reasons from read_csv({LakeStore.Quote(Path.Combine(report, "quarantine.csv"))}, all_varchar = true)",
            row => Finding(row.Get<string>(0), row.Get<long>(1), row.Get<string>(2).Split(';')), ct: CancellationToken.None)];
    }

    private static string Finding(string file, long line, IEnumerable<string> rules) =>
        $"{file}:{line} {string.Join('+', rules.Distinct().Order(StringComparer.Ordinal))}";

    private static async Task<List<string>> QuarantineAsync(PipelineBench bench, string entity)
    {
        var lake = bench.Services.GetRequiredService<LakeStore>();
        var snapshot = await lake.CurrentAsync(new LakeTableName("quarantine", "shop", entity), CancellationToken.None);
        using var duck = DuckDbConnection.Open(new DuckDbOptions());
        return [.. duck.QueryRows(
            $"select file, line, array_to_string(rules, ',') from {lake.Scan(snapshot!)}",
            row => Finding(row.Get<string>(0), row.Get<long>(1), row.Get<string>(2).Split(',')), ct: CancellationToken.None)];
    }
}
