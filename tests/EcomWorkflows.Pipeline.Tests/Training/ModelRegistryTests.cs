using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Tests.Features;
using EcomWorkflows.Pipeline.Training;
using EcomWorkflows.Pipeline.Training.Learners;
using EcomWorkflows.Pipeline.Training.Registry;
using EcomWorkflows.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Training;

public sealed class ModelRegistryTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Model = "tiny_churn";

    [Fact]
    public async Task A_promotion_is_rolled_back_along_promotions_to_the_first_version()
    {
        await using var bench = await TrainedAsync(runs: 3);
        var aliases = bench.Get<ModelAliases>();
        (await ChampionAsync(bench)).ShouldBe(3);

        (await aliases.RollbackAsync(Model, ModelRegistry.Champion, "ana", "too many false alarms", CancellationToken.None)).ToVersion.ShouldBe(2);
        (await aliases.RollbackAsync(Model, ModelRegistry.Champion, "ana", null, CancellationToken.None)).ToVersion.ShouldBe(1);

        (await ChampionAsync(bench)).ShouldBe(1);
        (await Should.ThrowAsync<ModelRegistryException>(() => aliases.RollbackAsync(Model, ModelRegistry.Champion, "ana", null, CancellationToken.None)))
            .Message.ShouldBe("tiny_churn v1 is the first champion; there is none before it to go back to.");
        IReadOnlyList<AliasEvent> events = await aliases.EventsAsync(Model, CancellationToken.None);
        events.Select(one => one.Kind).ShouldBe(["rollback", "rollback", "promotion", "promotion", "promotion"]);
        events[1].Reason.ShouldBe("Rolled back by ana: too many false alarms");
        File.ReadAllText(Path.Combine(bench.Options.ModelsFolder, Model, "aliases", "champion")).Trim().ShouldBe("1");
    }

    [Fact]
    public async Task A_version_the_gates_refused_is_promoted_only_by_force()
    {
        await using var bench = await TrainedAsync(runs: 1);
        TrainingOutputs refused = await GeneratedShop.TrainAsync(bench, run: 2, change: inputs => inputs with { RequireDatasetTag = true });
        refused.Champion.ShouldBeFalse();
        refused.Promotion.ShouldContain("Refused by dataset_tag");
        (await bench.Get<ModelRegistry>().FindAsync(Model, ModelRegistry.Challenger, CancellationToken.None))!.Version.ShouldBe(2);

        var aliases = bench.Get<ModelAliases>();
        (await Should.ThrowAsync<ModelRegistryException>(() => aliases.PromoteAsync(Model, 2, ModelRegistry.Champion, "ana", null, force: false, CancellationToken.None)))
            .Message.ShouldContain("The gates refused tiny_churn v2");
        (await aliases.PromoteAsync(Model, 2, ModelRegistry.Champion, "ana", null, force: true, CancellationToken.None)).Reason.ShouldBe("Promoted against the gates by ana");

        (await ChampionAsync(bench)).ShouldBe(2);
        (await bench.Get<ModelRegistry>().FindAsync(Model, ModelRegistry.Challenger, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_forced_alias_is_no_judgement_of_the_gates_and_leaves_the_challenger_one()
    {
        await using var bench = await TrainedAsync(runs: 1);
        await GeneratedShop.TrainAsync(bench, run: 2, change: inputs => inputs with { RequireDatasetTag = true });
        var aliases = bench.Get<ModelAliases>();

        await aliases.PromoteAsync(Model, 2, "shadow", "ana", null, force: true, CancellationToken.None);

        (await Should.ThrowAsync<ModelRegistryException>(() => aliases.PromoteAsync(Model, 2, ModelRegistry.Champion, "ana", null, force: false, CancellationToken.None)))
            .Message.ShouldContain("The gates refused tiny_churn v2");
        (await aliases.ListAsync(Model, CancellationToken.None)).Select(one => (one.Alias, one.Version)).ShouldBe([("challenger", 2), ("champion", 1), ("shadow", 2)]);
        File.ReadAllText(Path.Combine(bench.Options.ModelsFolder, Model, "aliases", "challenger")).Trim().ShouldBe("2");
        (await aliases.PromoteAsync(Model, 2, ModelRegistry.Champion, "ana", null, force: true, CancellationToken.None)).Reason.ShouldBe("Promoted against the gates by ana");
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("9")]
    [InlineData("v9")]
    [InlineData("history.jsonl")]
    [InlineData("bad alias/..")]
    [InlineData("Champion")]
    public async Task What_cannot_be_an_alias_is_refused_before_anything_is_written(string alias)
    {
        await using var bench = await TrainedAsync(runs: 1);
        var before = await File.ReadAllTextAsync(Path.Combine(bench.Options.ModelsFolder, Model, "aliases", "history.jsonl"));

        (await Should.ThrowAsync<ModelRegistryException>(() => bench.Get<ModelAliases>().PromoteAsync(Model, 1, alias, "ana", null, force: true, CancellationToken.None)))
            .Message.ShouldStartWith($"'{alias}' cannot be an alias: a small letter");

        (await bench.Get<ModelAliases>().ListAsync(Model, CancellationToken.None)).Select(one => one.Alias).ShouldBe(["champion"]);
        (await File.ReadAllTextAsync(Path.Combine(bench.Options.ModelsFolder, Model, "aliases", "history.jsonl"))).ShouldBe(before);
    }

    [SmallDiskFact]
    public async Task An_alias_that_the_folder_cannot_be_told_of_stays_where_it_is()
    {
        await using var bench = await TrainedAsync(runs: 2);
        string folder = Path.Combine(bench.Options.ModelsFolder, Model, "aliases");
        using var disk = new SmallDisk(4);
        foreach (string file in Directory.GetFiles(folder))
            File.Copy(file, Path.Combine(disk.Folder, Path.GetFileName(file)));
        Directory.Delete(folder, recursive: true);
        Directory.CreateSymbolicLink(folder, disk.Folder);
        disk.Fill();
        var aliases = bench.Get<ModelAliases>();

        FullDisk.IsReason(await Should.ThrowAsync<Exception>(() => aliases.RollbackAsync(Model, ModelRegistry.Champion, "ana", null, CancellationToken.None))).ShouldBeTrue();

        (await ChampionAsync(bench)).ShouldBe(2);
        (await aliases.EventsAsync(Model, CancellationToken.None)).Count.ShouldBe(2);
        disk.Free();
        Directory.GetFiles(disk.Folder).Select(Path.GetFileName).Order().ShouldBe(["champion", "history.jsonl"]);
        await aliases.RollbackAsync(Model, ModelRegistry.Champion, "ana", null, CancellationToken.None);
        File.ReadAllText(Path.Combine(folder, "champion")).Trim().ShouldBe("1");
        File.ReadAllLines(Path.Combine(folder, "history.jsonl")).Length.ShouldBe(3);
    }

    [Fact]
    public async Task What_the_folder_has_not_heard_of_is_told_with_the_next_move()
    {
        await using var bench = await TrainedAsync(runs: 3);
        string folder = Path.Combine(bench.Options.ModelsFolder, Model, "aliases");
        string[] history = File.ReadAllLines(Path.Combine(folder, "history.jsonl"));
        // The second move got only half a line, the third none: so it was on a full disk.
        File.WriteAllText(Path.Combine(folder, "history.jsonl"), $"{history[0]}\n{history[1][..20]}");
        File.WriteAllText(Path.Combine(folder, "champion"), "1\n");

        await bench.Get<ModelAliases>().PromoteAsync(Model, 1, "shadow", "ana", null, force: false, CancellationToken.None);

        File.ReadAllText(Path.Combine(folder, "champion")).Trim().ShouldBe("3");
        await ForgetAsync(bench);
        (await bench.Get<ModelIndexRebuilder>().RebuildAsync(CancellationToken.None)).Problems.ShouldBeEmpty();
        IReadOnlyList<AliasEvent> events = await bench.Get<ModelAliases>().EventsAsync(Model, CancellationToken.None);
        events.Select(one => (one.Alias, one.ToVersion)).ShouldBe([("shadow", 1), ("champion", 3), ("champion", 2), ("champion", 1)]);
    }

    [Fact]
    public async Task What_the_folder_tells_of_a_lost_database_stays_when_the_index_begins_anew()
    {
        await using var bench = await TrainedAsync(runs: 1);
        string history = Path.Combine(bench.Options.ModelsFolder, Model, "aliases", "history.jsonl");
        string before = File.ReadAllLines(history).Single();
        await ForgetAsync(bench);
        bench.Time.Now += TimeSpan.FromDays(1);

        await GeneratedShop.TrainAsync(bench, run: 2, change: inputs => inputs with { Learners = [LogisticRegressionLearner.LearnerName] });

        File.ReadAllLines(history).Length.ShouldBe(2);
        File.ReadAllLines(history)[0].ShouldBe(before);
    }

    [Fact]
    public async Task Versions_of_a_lost_database_stay_when_the_index_begins_anew_and_are_added_by_a_rebuild()
    {
        await using var bench = await TrainedAsync(runs: 2, withOrchestrator: true);
        byte[] first = File.ReadAllBytes(Path.Combine(bench.Options.ModelsFolder, Model, "v1", "lineage.json"));
        await ForgetAsync(bench);
        bench.Time.Now += TimeSpan.FromDays(1);

        (await TrainAsync(bench, run: 3)).Version.ShouldBe(3);
        (await TrainAsync(bench, run: 4)).Version.ShouldBe(4);

        File.ReadAllBytes(Path.Combine(bench.Options.ModelsFolder, Model, "v1", "lineage.json")).ShouldBe(first);
        RebuiltIndex rebuilt = await bench.Get<ModelIndexRebuilder>().RebuildAsync(CancellationToken.None);
        rebuilt.Problems.ShouldBeEmpty();
        (rebuilt.Versions, rebuilt.Added).ShouldBe((4, 2));
        (await bench.Get<ModelRegistry>().ListAsync(Model, CancellationToken.None)).Select(version => version.Version).ShouldBe([4, 3, 2, 1]);
    }

    [Fact]
    public async Task What_an_attempt_killed_before_its_commit_left_gives_way_and_what_has_been_published_does_not()
    {
        await using var bench = await TrainedAsync(runs: 0, withOrchestrator: true);
        bench.Fate = PublishFate.CrashBeforeCommit;
        await Should.ThrowAsync<OperationCanceledException>(() => TrainAsync(bench, run: 1));
        bench.Fate = PublishFate.Commit;
        long killed = AttemptOf(bench, 1);
        await AttemptRows.AddAsync(bench, killed, "failed");

        RebuiltIndex rebuilt = await bench.Get<ModelIndexRebuilder>().RebuildAsync(CancellationToken.None);
        (rebuilt.Versions, rebuilt.Added).ShouldBe((0, 0));
        rebuilt.Problems.Single().ShouldBe(
            $"models/tiny_churn/v1 is of attempt {killed}, which has not registered it; it was left out, and where the attempt has ended the next training takes its place");
        TrainingOutputs next = await TrainAsync(bench, run: 2);

        next.Version.ShouldBe(1);
        long registered = AttemptOf(bench, 1);
        registered.ShouldBeGreaterThan(killed);
        using FittedModel model = bench.Get<ModelLoader>().Load((await bench.Get<ModelRegistry>().FindChampionAsync(Model, CancellationToken.None))!);

        await AttemptRows.AddAsync(bench, registered, "success", run: 2);
        await AttemptRows.TellOfPublishAsync(bench, registered, run: 2);
        await ForgetAsync(bench);
        (await TrainAsync(bench, run: 3)).Version.ShouldBe(2);
        AttemptOf(bench, 1).ShouldBe(registered);
        (await bench.Get<ModelIndexRebuilder>().RebuildAsync(CancellationToken.None)).Added.ShouldBe(1);
    }

    [Fact]
    public async Task A_folder_of_an_attempt_that_began_before_one_of_the_same_id_is_of_another_database_and_stays()
    {
        await using var bench = await TrainedAsync(runs: 1, withOrchestrator: true);
        long attempt = AttemptOf(bench, 1);
        await ForgetAsync(bench);
        bench.Time.Now += TimeSpan.FromDays(1);
        await AttemptRows.AddAsync(bench, attempt, "failed");

        (await TrainAsync(bench, run: 2)).Version.ShouldBe(2);

        AttemptOf(bench, 1).ShouldBe(attempt);
    }

    [Fact]
    public void A_registration_that_comes_too_late_does_not_replace_the_version_another_has_registered()
    {
        string home = Directory.CreateTempSubdirectory("ecom-install-").FullName;
        try
        {
            foreach (string folder in (string[])["late", "v1"])
                File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(home, folder)).FullName, "model.json"), folder);

            Should.Throw<IOException>(() => ModelFolders.Install(Path.Combine(home, "late"), Path.Combine(home, "v1")));

            File.ReadAllText(Path.Combine(home, "v1", "model.json")).ShouldBe("v1");
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    [Fact]
    public async Task Unknown_models_and_versions_are_named_with_what_there_is()
    {
        await using var bench = await TrainedAsync(runs: 1);
        var aliases = bench.Get<ModelAliases>();
        (await Should.ThrowAsync<NotFoundException>(() => aliases.PromoteAsync("nope", 1, "champion", "ana", null, false, CancellationToken.None))).Message.ShouldContain("no model 'nope'");
        (await Should.ThrowAsync<NotFoundException>(() => aliases.PromoteAsync(Model, 9, "champion", "ana", null, false, CancellationToken.None))).Message.ShouldBe("tiny_churn has no version 9; it has v1.");
        (await Should.ThrowAsync<ModelRegistryException>(() => aliases.PromoteAsync(Model, 1, "champion", "ana", null, false, CancellationToken.None))).Message.ShouldContain("is the champion already");
        (await Should.ThrowAsync<NotFoundException>(() => aliases.RollbackAsync(Model, "shadow", "ana", null, CancellationToken.None))).Message.ShouldContain("stands for no version");
    }

    [Fact]
    public async Task Where_a_person_decides_the_version_waits_as_challenger_until_the_task_behind_the_approval_promotes_it()
    {
        await using var bench = await TrainedAsync(runs: 1);
        TrainingOutputs second = await GeneratedShop.TrainAsync(bench, run: 2, change: inputs => inputs with { Promotion = PromotionMode.Approval });
        (second.Champion, second.Challenger).ShouldBe((false, true));
        (await ChampionAsync(bench)).ShouldBe(1);

        PromoteModelOutputs promoted = await bench.RunAsync<PromoteModelTask, PromoteModelInputs, PromoteModelOutputs>(new PromoteModelInputs { Model = Model, ApprovedBy = "ana" });

        (promoted.Version, promoted.ReplacedVersion, promoted.Reason).ShouldBe((2, 1, "Promoted by ana"));
        (await ChampionAsync(bench)).ShouldBe(2);
        TaskResult<PromoteModelOutputs> again = await new PromoteModelTask(bench.Get<ModelRegistry>(), bench.Get<ModelAliases>())
            .RunAsync(new PromoteModelInputs { Model = Model }, bench.Context(), CancellationToken.None);
        again.ShouldBeOfType<TaskResult<PromoteModelOutputs>.Skipped>();
    }

    [Fact]
    public async Task The_index_is_rebuilt_from_the_files_of_a_lost_database()
    {
        await using var bench = await TrainedAsync(runs: 2);
        await bench.Get<ModelAliases>().RollbackAsync(Model, ModelRegistry.Champion, "ana", null, CancellationToken.None);
        ModelVersion before = (await bench.Get<ModelRegistry>().FindChampionAsync(Model, CancellationToken.None))!;
        IReadOnlyList<AliasEvent> history = await bench.Get<ModelAliases>().EventsAsync(Model, CancellationToken.None);
        await ForgetAsync(bench);
        (await bench.Get<ModelRegistry>().ListAsync(null, CancellationToken.None)).ShouldBeEmpty();

        RebuiltIndex rebuilt = await bench.Get<ModelIndexRebuilder>().RebuildAsync(CancellationToken.None);

        rebuilt.Problems.ShouldBeEmpty();
        (rebuilt.Versions, rebuilt.Added, rebuilt.Aliases).ShouldBe((2, 2, 1));
        ModelVersion after = (await bench.Get<ModelRegistry>().FindChampionAsync(Model, CancellationToken.None))!;
        (after.Version, after.ModelSha256, after.Threshold, after.Metrics, after.Lineage).ShouldBe((before.Version, before.ModelSha256, before.Threshold, before.Metrics, before.Lineage));
        after.Features.ShouldBe(before.Features);
        (await bench.Get<ModelAliases>().EventsAsync(Model, CancellationToken.None)).Select(one => (one.Kind, one.FromVersion, one.ToVersion, one.Reason, one.At))
            .ShouldBe(history.Select(one => (one.Kind, one.FromVersion, one.ToVersion, one.Reason, one.At)));
        using FittedModel model = bench.Get<ModelLoader>().Load(after);

        (await bench.Get<ModelIndexRebuilder>().RebuildAsync(CancellationToken.None)).Added.ShouldBe(0);
    }

    [Fact]
    public async Task Rebuilding_leaves_out_what_is_not_whole_and_says_why()
    {
        await using var bench = await TrainedAsync(runs: 3);
        string first = ModelFile(bench, 1);
        File.WriteAllBytes(first, File.ReadAllBytes(first)[..^10]);
        File.WriteAllText(Path.Combine(bench.Options.ModelsFolder, Model, "v2", "lineage.json"), "{");
        Directory.Delete(Path.Combine(bench.Options.ModelsFolder, Model, "v3"), recursive: true);

        RebuiltIndex rebuilt = await bench.Get<ModelIndexRebuilder>().RebuildAsync(CancellationToken.None);

        rebuilt.Versions.ShouldBe(0);
        string all = string.Join('\n', rebuilt.Problems);
        all.ShouldContain($"{first} is truncated or altered");
        all.ShouldContain("v2/lineage.json cannot be read");
        all.ShouldContain("tiny_churn v3 is in the index, but its folder models/tiny_churn/v3 is gone");
    }

    [Fact]
    public async Task A_file_of_another_type_or_of_other_features_is_refused_though_its_hash_is_registered()
    {
        await using var bench = await TrainedAsync(runs: 1);
        ModelVersion version = (await bench.Get<ModelRegistry>().FindChampionAsync(Model, CancellationToken.None))!;
        string other = LearnerCatalog.Names.First(name => name != version.Learner && LearnerCatalog.FileOf(name) == LearnerCatalog.FileOf(version.Learner));

        Should.Throw<TaskFailedException>(() => bench.Get<ModelLoader>().Load(version with { Learner = other })).Message.ShouldContain($"made by the learner {version.Learner}, not by {other}");
        Should.Throw<TaskFailedException>(() => bench.Get<ModelLoader>().Load(version with { Features = ["a", "b"] })).Message.ShouldContain("fitted on");
        Should.Throw<TaskFailedException>(() => bench.Get<ModelLoader>().Load(version with { Learner = "oracle" })).Message.ShouldContain("'oracle', which this program does not know");
        Should.Throw<TaskFailedException>(() => bench.Get<ModelLoader>().Load(version, featureView: "another_view")).Message.ShouldContain("eats the features of tiny_customer_activity, not of another_view");
    }

    [Fact]
    public async Task A_version_fitted_again_is_the_same_file()
    {
        await using var bench = await TrainedAsync(runs: 1);
        ModelVersion version = (await bench.Get<ModelRegistry>().FindChampionAsync(Model, CancellationToken.None))!;

        ReproducedModel again = await bench.Get<ModelReproduction>().RunAsync(version, CancellationToken.None);

        (again.SameFile, again.SameMetrics, again.Sha256).ShouldBe((true, true, version.ModelSha256));
        again.Data.ShouldContain("lake snapshot");
        File.Delete(Path.Combine(bench.Options.Home, version.Folder, "training.json"));
        (await Should.ThrowAsync<ModelRegistryException>(() => bench.Get<ModelReproduction>().RunAsync(version, CancellationToken.None))).Message.ShouldContain("training.json does not exist");
    }

    private async Task<StageBench> TrainedAsync(int runs, bool withOrchestrator = false)
    {
        var bench = await StageBench.CreateAsync(postgres, TinyShop.Mapping(), withOrchestrator);
        await GeneratedShop.PublishAsync(bench);
        for (int run = 1; run <= runs; run++)
            await TrainAsync(bench, run);
        return bench;
    }

    private static Task<TrainingOutputs> TrainAsync(StageBench bench, long run) =>
        GeneratedShop.TrainAsync(bench, run, change: inputs => inputs with { Learners = [LogisticRegressionLearner.LearnerName] });

    private static long AttemptOf(StageBench bench, int version) =>
        ModelRecord.Read(Path.Combine(bench.Options.ModelsFolder, Model, $"v{version}"), Model, version).Lineage.AttemptId;

    private static string ModelFile(StageBench bench, int version) => Path.Combine(bench.Options.ModelsFolder, Model, $"v{version}", "model.json");

    private static async Task<int?> ChampionAsync(StageBench bench) => (await bench.Get<ModelRegistry>().FindChampionAsync(Model, CancellationToken.None))?.Version;

    private static async Task ForgetAsync(StageBench bench)
    {
        await using NpgsqlCommand forget = bench.Get<NpgsqlDataSource>().CreateCommand("truncate registry.model, registry.model_version, registry.model_alias, registry.model_alias_event");
        await forget.ExecuteNonQueryAsync();
    }
}
