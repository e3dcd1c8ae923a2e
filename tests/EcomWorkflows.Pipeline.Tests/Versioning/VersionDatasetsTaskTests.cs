using System.Security.Cryptography;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Lineage;
using EcomWorkflows.Pipeline.Tests.Features;
using EcomWorkflows.Pipeline.Tests.Training;
using EcomWorkflows.Pipeline.Training;
using EcomWorkflows.Pipeline.Training.Registry;
using EcomWorkflows.Pipeline.Versioning;
using EcomWorkflows.Pipeline.Versioning.Keeping;
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

    [Fact]
    public async Task A_model_trained_by_a_later_run_leads_back_to_the_version_of_its_training_set()
    {
        await using var stage = await StageBench.CreateAsync(
            postgres, new Dictionary<string, string> { ["tiny"] = TinyShop.Mapping()["tiny"].Replace("\"entities\": {}", "\"entities\": { \"events\": { \"kind\": \"file\", \"columns\": [] } }") });
        await PublishBronzeAsync(stage);
        await stage.PublishTableAsync(new LakeTableName("silver", "tiny", "products"), "select 'p1' as id");
        await GeneratedShop.PublishAsync(stage);
        await stage.RunAsync<VersionDatasetsTask, VersionDatasetsInputs, VersionDatasetsOutputs>(new VersionDatasetsInputs { Source = "tiny" });

        TrainingOutputs outputs = await GeneratedShop.TrainAsync(stage, run: 2, change: inputs => inputs with { RequireDatasetTag = true });

        outputs.Champion.ShouldBeTrue(outputs.Promotion);
        var champion = await stage.Get<ModelRegistry>().FindChampionAsync(outputs.Model, CancellationToken.None);
        champion!.Lineage.DatasetTag.ShouldBe("tiny-churn_training_set/v1");
        (await stage.Get<DatasetVersions>().FindOfSnapshotAsync("tiny/churn_training_set", champion.Lineage.TrainingSnapshotId + 1, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task The_tables_of_a_version_become_the_current_content_of_the_lake_again()
    {
        await using var stage = await StageBench.CreateAsync(postgres, Mapping(), withOrchestrator: true);
        await PublishBronzeAsync(stage);
        foreach (var run in new[] { 1L, 2L })
        {
            foreach (var table in new[] { "events", "customers", "products" })
                await stage.PublishTableAsync(new LakeTableName("silver", "tiny", table), $"select '{table}' as id, {(table == "events" ? run : 1)}::double as value", run);
            await stage.RunAsync<VersionDatasetsTask, VersionDatasetsInputs, VersionDatasetsOutputs>(new VersionDatasetsInputs { Source = "tiny" }, stage.Context(run));
        }
        var lake = stage.Get<LakeStore>();
        var events = new LakeTableName("silver", "tiny", "events");
        var versions = stage.Get<DatasetVersions>();
        var first = await versions.ResolveAsync("tiny-silver/v1", CancellationToken.None);
        var manifest = await versions.ReadManifestAsync(first, CancellationToken.None);
        var original = (await lake.GetAsync(manifest.Tables.Single(t => t.Name == "silver.tiny.events").SnapshotId, CancellationToken.None))!;

        await TextAsync(stage, "insert into orchestration.asset (name) values ('silver.tiny.events')");

        var restored = await stage.Get<LakeRestore>().RunAsync(first, manifest, "cli:ana", CancellationToken.None);
        var again = await stage.Get<LakeRestore>().RunAsync(first, manifest, "cli:ana", CancellationToken.None);

        // Tables that had the content keep their snapshot.
        restored.ToDictionary(t => t.Table, t => t.IsNew).ShouldBe(new Dictionary<string, bool> { ["silver.tiny.events"] = true, ["silver.tiny.customers"] = false, ["silver.tiny.products"] = false }, ignoreOrder: true);
        again.ShouldAllBe(t => !t.IsNew);
        var current = (await lake.CurrentAsync(events, CancellationToken.None))!;
        current.SnapshotId.ShouldBe(restored.Single(t => t.IsNew).SnapshotId);
        current.Files.Select(f => f.Sha256).ShouldBe(original.Files.Select(f => f.Sha256));
        current.Columns.ShouldBe(original.Columns);
        (await stage.QueryAsync(events, "select value from t", row => row.Get<double>(0))).ShouldBe([1]);
        (await stage.Get<LineageReader>().DatasetAsync("tiny-silver/v1", CancellationToken.None)).Nodes.ShouldNotBeEmpty();
        // As every publish it is told, once; tables that had the content are not.
        (await TextAsync(stage, "select string_agg(concat_ws(' ', actor, state_after, details ->> 'table'), ';') from orchestration.event where kind = 'lake_table_restored'"))
            .ShouldBe("cli:ana tiny-silver/v1 silver.tiny.events");
        (await TextAsync(stage, "select string_agg(concat_ws(' ', asset, row_count, created_by, extra ->> 'restoredFrom'), ';') from orchestration.asset_event"))
            .ShouldBe("silver.tiny.events 1 cli:ana tiny-silver/v1");
        // The next run's content follows.
        await stage.PublishTableAsync(events, "select 'events' as id, 3::double as value", run: 3);
        (await stage.QueryAsync(events, "select value from t", row => row.Get<double>(0))).ShouldBe([3]);
    }

    private static async Task<string?> TextAsync(StageBench stage, string sql)
    {
        await using var command = stage.Get<Npgsql.NpgsqlDataSource>().CreateCommand(sql);
        return (await command.ExecuteScalarAsync())?.ToString();
    }

    [Fact]
    public async Task What_cannot_be_restored_leaves_the_lake_as_it_was()
    {
        await using var stage = await StageBench.CreateAsync(postgres, Mapping());
        await PublishBronzeAsync(stage);
        foreach (var table in new[] { "events", "customers", "products" })
            await stage.PublishTableAsync(new LakeTableName("silver", "tiny", table), $"select '{table}' as id");
        await stage.RunAsync<VersionDatasetsTask, VersionDatasetsInputs, VersionDatasetsOutputs>(new VersionDatasetsInputs { Source = "tiny" });
        var versions = stage.Get<DatasetVersions>();
        var (silver, raw) = (await versions.ResolveAsync("tiny/silver", CancellationToken.None), await versions.ResolveAsync("tiny/raw", CancellationToken.None));
        var manifest = await versions.ReadManifestAsync(silver, CancellationToken.None);
        var newer = await stage.PublishTableAsync(new LakeTableName("silver", "tiny", "events"), "select 'newer' as id", run: 2);
        await stage.PublishTableAsync(new LakeTableName("silver", "tiny", "products"), "select 'newer' as id", run: 2);
        File.Delete(stage.Get<ContentCache>().PathOf(manifest.Files.Single(f => f.RelativePath.StartsWith("products/", StringComparison.Ordinal)).Md5));

        (await Should.ThrowAsync<DatasetStoreException>(() => stage.Get<LakeRestore>().RunAsync(silver, manifest, "cli:ana", CancellationToken.None))).Message.ShouldContain("./ecom datasets pull tiny-silver/v1");
        (await Should.ThrowAsync<DatasetException>(async () => await stage.Get<LakeRestore>().RunAsync(raw, await versions.ReadManifestAsync(raw, CancellationToken.None), "cli:ana", CancellationToken.None)))
            .Message.ShouldContain("tiny-raw/v1 holds no lake tables");

        (await stage.Get<LakeStore>().CurrentAsync(newer.Table, CancellationToken.None))!.SnapshotId.ShouldBe(newer.SnapshotId);
        Directory.EnumerateDirectories(stage.Options.LakeFolder, "restored=*", SearchOption.AllDirectories).ShouldBeEmpty();
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
