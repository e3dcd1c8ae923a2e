using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Lineage;
using EcomWorkflows.Pipeline.Tests.Features;
using EcomWorkflows.Pipeline.Training.Metrics;
using EcomWorkflows.Pipeline.Versioning;
using EcomWorkflows.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Lineage;

/// <summary>A tiny shop from raw file to prediction, made by run 1, beside a later run 2 whose tables must not be mistaken for those of run 1.</summary>
public sealed class LineageReaderTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const string RawText = "customer,time,type\nann,2026-01-05,purchase\nbob,2026-01-06,purchase\nann,2026-01-10,purchase\n";

    private StageBench stage = null!;

    private LineageReader lineage = null!;

    private string rawHash = "";

    public async Task InitializeAsync()
    {
        stage = await StageBench.CreateAsync(postgres, TinyShop.Mapping());
        lineage = stage.Get<LineageReader>();
        rawHash = await PublishBronzeAsync(1, RawText);
        await TinyShop.PublishSilverAsync(
            stage, 1,
            ("ann", "2026-01-05 10:00:00", "purchase", "p1", "o1", 1, 10), ("bob", "2026-01-06 10:00:00", "purchase", "p1", "o2", 1, 10),
            ("ann", "2026-01-10 10:00:00", "purchase", "p2", "o3", 2, 5), ("bob", "2026-03-30 10:00:00", "purchase", "p2", "o4", 1, 5));
        await TinyShop.BuildAsync(stage);
        await stage.PublishTableAsync(new LakeTableName("gold", "tiny", "churn_training_set"), "select 'ann' as customer_id, 'train' as split, 1 as churned");
        await VersionAsync();
        await ScoreAsync();
        await PublishBronzeAsync(2, RawText + "eve,2026-02-01,purchase\n");
        await TinyShop.PublishSilverAsync(stage, 2, ("eve", "2026-02-01 10:00:00", "purchase", "p1", "o9", 1, 10));
    }

    public async Task DisposeAsync() => await stage.DisposeAsync();

    [Fact]
    public async Task A_prediction_leads_to_the_line_of_the_raw_file_and_to_everything_on_the_way()
    {
        var graph = await lineage.PredictionAsync("tiny", "ann", null, 20, CancellationToken.None);

        var prediction = graph.Nodes.Single(n => n.Id == graph.Start);
        Fact(prediction, "churn probability").ShouldBe("0.9000");
        Fact(prediction, "raised most by").ShouldBe("recency = 80 (+1.50)");
        var features = Next(graph, prediction, LineageKind.FeatureRow).Single();
        Fact(features, "frequency").ShouldBe("2");
        Next(graph, features, LineageKind.FeatureView).Single().Title.ShouldBe("tiny_customer_activity@v1");
        var rows = Next(graph, features, LineageKind.Row);
        rows.Select(r => (Fact(r, "order_id"), Fact(r, "line"))).ShouldBe([("o3", "4"), ("o1", "2")]);
        var line = Next(graph, rows[0], LineageKind.RawLine).Single();
        Fact(line, "sha256 of the file").ShouldBe(rawHash);
        var raw = Next(graph, line, LineageKind.RawFile).Single();
        Fact(raw, "delivered as").ShouldBe("/data/e.csv");
        raw.RunId.ShouldBe(1);
        graph.Nodes.Where(n => n.Kind == LineageKind.RawFile).ShouldHaveSingleItem("the file of the later run has no part in it");
        graph.Nodes.Where(n => n.Kind == LineageKind.Table).ShouldAllBe(n => n.RunId == 1);

        var model = Next(graph, prediction, LineageKind.Model).Single();
        model.Title.ShouldBe("tiny_churn v1");
        var dataset = Next(graph, model, LineageKind.Dataset).Single();
        dataset.Title.ShouldBe("tiny-churn_training_set/v1");
        Next(graph, dataset, LineageKind.Dataset).Select(d => d.Title).ShouldBe(["tiny-raw/v1"]);
        Next(graph, dataset, LineageKind.Table).Single().Title.ShouldBe("gold.tiny.churn_training_set");
        graph.Nodes.Select(n => n.Id).ShouldBeUnique();

        var id = long.Parse(raw.Id.Split(':')[1]);
        var lines = await lineage.RawLinesAsync(id, 4, 1, CancellationToken.None);
        lines.HashHolds.ShouldBeTrue();
        lines.Lines.ShouldBe([new RawLineText(3, "bob,2026-01-06,purchase"), new RawLineText(4, "ann,2026-01-10,purchase")]);
    }

    [Fact]
    public async Task A_dataset_leads_back_to_its_files_and_forth_to_models_and_scorings()
    {
        var graph = await lineage.DatasetAsync("tiny/churn_training_set", CancellationToken.None);

        graph.Start.ShouldBe("dataset:tiny-churn_training_set/v1");
        graph.Edges.Where(e => e.To == graph.Start).Select(e => (e.From, e.How)).ShouldBe([("model:tiny_churn/v1", "trained on")]);
        graph.Edges.Where(e => e.To == "model:tiny_churn/v1").Select(e => e.How).ShouldBe(["scored by"]);
        graph.Nodes.ShouldContain(n => n.Kind == LineageKind.RawFile && n.Facts.Any(f => f.Value == rawHash));
        (await lineage.DatasetAsync("tiny/raw@v1", CancellationToken.None)).Nodes.Select(n => n.Kind).ShouldBe([LineageKind.Dataset, LineageKind.RawFile]);
    }

    [Fact]
    public async Task A_model_without_a_number_is_the_champion_or_else_the_newest()
    {
        (await lineage.ModelAsync("tiny_churn", null, CancellationToken.None)).Start.ShouldBe("model:tiny_churn/v1");
        (await lineage.ModelAsync("tiny_churn", 1, CancellationToken.None)).Start.ShouldBe("model:tiny_churn/v1");
    }

    [Fact]
    public async Task A_walk_goes_as_far_as_what_is_left_allows()
    {
        await SqlAsync("delete from features.materialization; truncate versioning.dataset_version cascade; delete from lake.snapshot where layer in ('gold', 'bronze')");

        var graph = await lineage.PredictionAsync("tiny", "ann", null, 5, CancellationToken.None);

        graph.Nodes.Select(n => n.Kind).Distinct().ShouldBe(
            [LineageKind.Prediction, LineageKind.FeatureRow, LineageKind.Row, LineageKind.FeatureView, LineageKind.Model, LineageKind.Table], ignoreOrder: true);
    }

    [Fact]
    public async Task A_raw_file_that_was_changed_shortened_or_lost_says_so()
    {
        var raw = (await lineage.DatasetAsync("tiny/raw", CancellationToken.None)).Nodes.Single(n => n.Kind == LineageKind.RawFile);
        var id = long.Parse(raw.Id.Split(':')[1]);
        var path = stage.Get<LakeStore>().Absolute(Fact(raw, "in the lake"));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllTextAsync(path, "customer\nann\n");

        var changed = await lineage.RawLinesAsync(id, 4, 0, CancellationToken.None);
        changed.HashHolds.ShouldBeFalse();
        changed.Problem.ShouldBe("the file has no line 4");
        File.Delete(path);
        (await lineage.RawLinesAsync(id, 4, 0, CancellationToken.None)).Problem!.ShouldContain("./ecom datasets log tiny/raw");
    }

    [Fact]
    public async Task What_does_not_exist_is_answered_with_what_does()
    {
        (await Should.ThrowAsync<NotFoundException>(() => lineage.PredictionAsync("tiny", "nobody", null, 5, CancellationToken.None))).Message.ShouldContain("for example, ann");
        (await Should.ThrowAsync<NotFoundException>(() => lineage.PredictionAsync("tiny", "ann", DateTimeOffset.UnixEpoch, 5, CancellationToken.None))).Message.ShouldContain("as of 1970-01-01");
        (await Should.ThrowAsync<NotFoundException>(() => lineage.PredictionAsync("other", "ann", null, 5, CancellationToken.None))).Message.ShouldContain("no predictions of source 'other' yet");
        (await Should.ThrowAsync<NotFoundException>(() => lineage.ModelAsync("tiny_churn", 7, CancellationToken.None))).Message.ShouldContain("it has v1 to v1");
        (await Should.ThrowAsync<NotFoundException>(() => lineage.ModelAsync("other", null, CancellationToken.None))).Message.ShouldContain("there are tiny_churn");
        (await Should.ThrowAsync<NotFoundException>(() => lineage.RawLinesAsync(99, 1, 0, CancellationToken.None))).Message.ShouldContain("no raw file 99");
        await Should.ThrowAsync<DatasetException>(() => lineage.DatasetAsync("nothing", CancellationToken.None));
    }

    private static string Fact(LineageNode node, string name) => node.Facts.First(f => f.Name == name).Value;

    private static List<LineageNode> Next(LineageGraph graph, LineageNode node, LineageKind kind) =>
        [.. graph.Edges.Where(e => e.From == node.Id).Select(e => graph.Nodes.Single(n => n.Id == e.To)).Where(n => n.Kind == kind)];

    /// <summary>As ingestion does: a raw file in the lake, and a bronze file that says what it was made from.</summary>
    private async Task<string> PublishBronzeAsync(long run, string text)
    {
        var (lake, context) = (stage.Get<LakeStore>(), stage.Context(run));
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        var relative = Path.Combine("raw", "source=tiny", "type=events", sha256[..12], "e.csv");
        Directory.CreateDirectory(Path.GetDirectoryName(lake.Absolute(relative))!);
        await File.WriteAllTextAsync(lake.Absolute(relative), text);
        var table = new LakeTableName("bronze", "tiny", "events");
        var file = (await stage.PublishTableAsync(table, "select 'ann' as customer, 'e.csv' as _file, 2::bigint as _line", run)).Files[0];
        await context.PublishAsync(
            async (scope, ct) =>
            {
                await lake.RegisterRawAsync(scope, new RawFile("tiny", "events", relative, sha256, text.Length, "/data/e.csv"), ct);
                await lake.PublishAsync(scope, context, table, [file with { DerivedFrom = $"raw {sha256} e.csv read 1" }], [], ct);
            },
            CancellationToken.None);
        return sha256;
    }

    /// <summary>As the versioning stage does, for the raw file and the training set of run 1.</summary>
    private async Task VersionAsync()
    {
        var (lake, storage, publisher, context) = (stage.Get<LakeStore>(), stage.Get<DatasetStorage>(), stage.Get<DatasetPublisher>(), stage.Context());
        var raw = Path.Combine("raw", "source=tiny", "type=events", rawHash[..12], "e.csv");
        var training = await lake.CurrentAsync(new LakeTableName("gold", "tiny", "churn_training_set"), CancellationToken.None);
        DatasetContent[] contents =
        [
            await storage.StoreAsync(new DatasetSource("tiny/raw", [new DatasetFile("events/e.csv", lake.Absolute(raw), rawHash, null)], [], 3, "a test"), [], context.WorkFolder, CancellationToken.None),
            await storage.StoreAsync(
                new DatasetSource(
                    "tiny/churn_training_set", [.. training!.Files.Select(f => new DatasetFile(Path.GetFileName(f.Path), lake.Absolute(f.Path), f.Sha256, f.Rows))],
                    [new DatasetTable($"{training.Table}", training.SnapshotId, training.Rows, [.. training.Columns.Select(c => new DatasetColumn(c.Name, c.Type))])], training.Rows, "a test"),
                [], context.WorkFolder, CancellationToken.None),
        ];
        await context.PublishAsync((scope, ct) => publisher.PublishAsync(scope, context, contents, ct), CancellationToken.None);
    }

    private async Task ScoreAsync()
    {
        var lake = stage.Get<LakeStore>();
        var history = (await lake.CurrentAsync(new LakeTableName("features", "tiny", "customer_activity"), CancellationToken.None))!;
        var training = (await lake.CurrentAsync(new LakeTableName("gold", "tiny", "churn_training_set"), CancellationToken.None))!;
        await SqlAsync(
            $$"""
            insert into registry.model (name) values ('tiny_churn');

            insert into registry.model_version (name, version, learner, folder, model_sha256, features, threshold, parameters, metrics, source, training_snapshot_id, dataset_tag,
              dataset_commit, feature_view, feature_view_version, train_cutoff, test_cutoff, dag_id, run_key, run_id, attempt_id, created_at)
            values ('tiny_churn', 1, 'logistic_regression', 'models/tiny_churn/v1', 'abc', '{recency}', 0.5, '{}', '{{Metrics()}}', 'tiny', {{training.SnapshotId}}, 'tiny-churn_training_set/v1',
              'abc', 'tiny_customer_activity', 1, '2026-02-01', '2026-03-01', 'churn-daily', 'manual__1', 1, 50, '2026-04-01');

            insert into gold.churn_scoring (source, as_of, model_name, model_version, threshold, outcome_days, feature_view, feature_view_version, features_snapshot_id,
              training_dataset_tag, customers, at_risk, scores_table, run_id, attempt_id, scored_at)
            select 'tiny', max(as_of), 'tiny_churn', 1, 0.5, 10, 'tiny_customer_activity', 1, {{history.SnapshotId}}, 'tiny-churn_training_set/v1', 2, 1, 'churn_score_a51', 1, 51, '2026-04-01'
            from features.materialization;

            create table gold.churn_score_a51 (like gold.churn_score including constraints);

            insert into gold.churn_score_a51
            select 'tiny', as_of, 'ann', 0.9, 1, '[{"feature":"recency","value":80,"contribution":1.5}]'
            from gold.churn_scoring;

            do $do$
            declare
              moment timestamptz := (select as_of from gold.churn_scoring);
            begin
              execute format('alter table gold.churn_score attach partition gold.churn_score_a51 for values from (%L, %L) to (%L, %L)', 'tiny', moment, 'tiny', moment + interval '1 microsecond');
            end
            $do$;
            """);
    }

    /// <summary>Figures of no meaning, all that are required.</summary>
    private static string Metrics()
    {
        var figures = new JsonObject();
        foreach (var figure in typeof(ModelMetrics).GetProperties().Where(p => Nullable.GetUnderlyingType(p.PropertyType) is null))
            figures[JsonNamingPolicy.CamelCase.ConvertName(figure.Name)] = figure.PropertyType == typeof(Interval) ? new JsonObject { ["low"] = 0.4, ["high"] = 0.6 } : 1;
        return figures.ToJsonString();
    }

    private async Task SqlAsync(string sql)
    {
        await using var command = stage.Get<NpgsqlDataSource>().CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
