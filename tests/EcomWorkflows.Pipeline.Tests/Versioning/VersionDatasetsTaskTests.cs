using System.Security.Cryptography;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Tests.Features;
using EcomWorkflows.Pipeline.Versioning;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Versioning;

public class VersionDatasetsTaskTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string RawText = "customer,kind\nann,view\n";

    [Fact]
    public async Task A_run_versions_its_raw_files_silver_tables_and_training_set()
    {
        await using var stage = await StageBench.CreateAsync(postgres, Mapping());
        await PublishBronzeAsync(stage);
        foreach (var table in new[] { "events", "customers", "products" })
            await stage.PublishTableAsync(new LakeTableName("silver", "tiny", table), $"select '{table}' as id, 1::double as value");
        await stage.PublishTableAsync(new LakeTableName("gold", "tiny", "churn_training_set"), "select 'ann' as customer_id, 1 as churned");

        var outputs = await stage.RunAsync<VersionDatasetsTask, VersionDatasetsInputs, VersionDatasetsOutputs>(new VersionDatasetsInputs { Source = "tiny" });

        outputs.Datasets.Select(d => (d.Tag, d.IsNew, d.Files, d.Rows)).ShouldBe(
            [("tiny-raw/v1", true, 1, 1), ("tiny-silver/v1", true, 3, 3), ("tiny-churn_training_set/v1", true, 1, 1)]);
        var bench = new DatasetBench(stage);
        bench.Git("tag").Split('\n').ShouldBe(["tiny-churn_training_set/v1", "tiny-raw/v1", "tiny-silver/v1"]);
        bench.Read("tiny/raw.json").ShouldContain("\"relative_path\": \"events/e.csv\"");
        bench.Read("tiny/silver.json").ShouldContain("\"name\": \"silver.tiny.customers\"");
        bench.Read("tiny/churn_training_set.dvc").ShouldContain("path: churn_training_set.parquet");
        var training = await bench.Versions.FindForRunAsync(1, "tiny/churn_training_set", CancellationToken.None);
        training!.Tag.ShouldBe("tiny-churn_training_set/v1");
        training.Md5.ShouldNotEndWith(".dir");
    }

    private static Dictionary<string, string> Mapping() => new()
    {
        ["tiny"] =
            """
            {
              "source": "tiny", "description": "", "entities": { "events": { "kind": "file", "columns": [] } }, "silver": {},
              "activity": { "eventTypes": [] }, "churn": { "outcomeDays": 10, "embargoDays": 1 }
            }
            """,
    };

    /// <summary>As ingestion does: a raw file in the lake, and a bronze file that says what it was made from.</summary>
    private static async Task PublishBronzeAsync(StageBench stage)
    {
        var (lake, context) = (stage.Get<LakeStore>(), stage.Context());
        var relative = Path.Combine("raw", "source=tiny", "type=events", "e.csv");
        Directory.CreateDirectory(Path.GetDirectoryName(lake.Absolute(relative))!);
        await File.WriteAllTextAsync(lake.Absolute(relative), RawText);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(RawText)));
        var table = new LakeTableName("bronze", "tiny", "events");
        var file = (await stage.PublishTableAsync(table, "select 'ann' as customer, 'view' as kind, 'e.csv' as _file, 2::bigint as _line")).Files[0];
        await context.PublishAsync(
            async (scope, ct) =>
            {
                await lake.RegisterRawAsync(scope, new RawFile("tiny", "events", relative, sha256, RawText.Length, "/data/e.csv"), ct);
                await lake.PublishAsync(scope, context, table, [file with { DerivedFrom = $"raw {sha256} e.csv read 1" }], [], ct);
            },
            CancellationToken.None);
    }
}
