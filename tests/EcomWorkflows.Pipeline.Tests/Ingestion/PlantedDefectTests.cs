using EcomWorkflows.Pipeline.Tests.Simulation;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Ingestion;

public sealed class PlantedDefectTests(PostgresFixture postgres, SmallShop shop) : IClassFixture<PostgresFixture>, IClassFixture<SmallShop>
{
    [Theory]
    [InlineData("events")]
    [InlineData("products")]
    [InlineData("orders")]
    [InlineData("order_items")]
    public async Task Exactly_the_lines_planted_as_unreadable_are_rejected(string entity)
    {
        using var bench = await IngestionBench.CreateAsync(postgres);
        var source = bench.UseMapping("shop");
        Directory.CreateSymbolicLink(Path.Combine(bench.Home, "shop"), shop.Folder);
        var outputs = await bench.IngestAsync(source, entity: entity);

        var planted = shop.Manifest.Defects
            .Where(defect => defect.Entity == entity && defect.Rule.StartsWith("parse_", StringComparison.Ordinal))
            .Select(defect => $"{defect.File} {defect.Line} {defect.Rule}")
            .Order(StringComparer.Ordinal)
            .ToList();
        var found = (await bench.QueryAsync(source, "select distinct file || ' ' || line || ' ' || rule from {rejects}", entity))
            .Select(row => (string)row[0]!)
            .Order(StringComparer.Ordinal);
        planted.ShouldNotBeEmpty();
        found.ShouldBe(planted);
        outputs.RowsRejected.ShouldBe(planted.Count);
        outputs.RowsRead.ShouldBe(shop.Manifest.Files.Where(file => file.Entity == entity).Sum(file => file.Rows));
    }
}
