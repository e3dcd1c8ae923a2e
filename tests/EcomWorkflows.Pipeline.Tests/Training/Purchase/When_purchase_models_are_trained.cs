using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Tests.Features;
using EcomWorkflows.Pipeline.Training;
using EcomWorkflows.Pipeline.Training.Leaks;
using EcomWorkflows.Pipeline.Training.Learners;
using EcomWorkflows.Pipeline.Training.Purchase;
using EcomWorkflows.Pipeline.Training.Registry;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Training.Purchase;

public sealed class When_purchase_models_are_trained(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task The_honest_model_is_registered_with_what_is_needed_to_judge_it_and_names_what_drives_it()
    {
        await using var bench = await StageBench.CreateAsync(postgres, PairShop.Mapping());
        await PairShop.PublishAsync(bench);
        BuildPurchaseSetOutputs set = await PairShop.BuildAsync(bench);

        TrainingOutputs outputs = await PairShop.TrainAsync(bench);

        outputs.Model.ShouldBe("pairs_purchase");
        outputs.Champion.ShouldBeTrue(outputs.Promotion);
        outputs.Leaks.ShouldBeEmpty();
        (outputs.TrainRows, outputs.TestRows).ShouldBe((set.TrainRows, set.TestRows));
        outputs.TestPositiveShare.ShouldBe((double)set.TestBought / set.TestRows, 1e-9);
        outputs.Learners.ShouldAllBe(learner => learner.PrAuc > 2 * outputs.TestPositiveShare && learner.LiftAt10Percent > 2);
        ModelVersion champion = (await bench.Get<ModelRegistry>().FindChampionAsync("pairs_purchase", CancellationToken.None))!;
        champion.Features.ShouldBe(PairShop.Features);
        (champion.Lineage.FeatureView, champion.Lineage.TrainingSnapshotId).ShouldBe(("pairs_visitor_item", set.SnapshotId));
        string report = File.ReadAllText(Path.Combine(bench.Options.Home, outputs.ReportPath));
        report.ShouldContain("A pair is a visitor and an item that the visitor viewed, carted or bought in the 20 days before the cutoff");
        report.ShouldNotContain("cannot be trusted");
        report.ShouldContain("Features use only what happened before the cutoff.");
        report.ShouldContain("the figures are those of predicting the future");
        Card(bench, outputs).ShouldContain("| test (later in time) |");
        report.ShouldNotContain("Profit of acting on it", Case.Sensitive, "no offer is at stake");
    }

    [Fact]
    public async Task The_classic_model_is_stopped_by_the_sentinels_which_name_the_column()
    {
        await using var bench = await StageBench.CreateAsync(postgres, PairShop.Mapping());
        await PairShop.PublishAsync(bench);
        await PairShop.BuildAsync(bench, variant: PurchaseVariant.Classic);

        TaskFailedException failure = await Should.ThrowAsync<TaskFailedException>(() => PairShop.TrainAsync(bench, variant: PurchaseVariant.Classic));

        failure.Message.ShouldContain("the feature 'funnel_depth' alone has ROC-AUC");
        failure.Message.ShouldContain("'feature_as_of' is after the cutoff");
        failure.Cause.ShouldBe(FailureCause.BadData);
        (await bench.Get<ModelRegistry>().ListAsync("pairs_purchase_classic", CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task With_the_override_the_classic_model_reaches_the_published_score_and_its_report_says_what_that_is_worth()
    {
        await using var bench = await StageBench.CreateAsync(postgres, PairShop.Mapping());
        await PairShop.PublishAsync(bench);
        await PairShop.BuildAsync(bench, variant: PurchaseVariant.Classic);

        TrainingOutputs outputs = await PairShop.TrainAsync(bench, variant: PurchaseVariant.Classic, onLeak: LeakPolicy.Report);

        outputs.Model.ShouldBe("pairs_purchase_classic");
        outputs.Leaks.ShouldContain("funnel_depth");
        outputs.Learners.Single(learner => learner.Learner == outputs.Learner).F1.ShouldBeGreaterThanOrEqualTo(0.92);
        string report = File.ReadAllText(Path.Combine(bench.Options.Home, outputs.ReportPath));
        report.ShouldContain("These figures cannot be trusted");
        report.ShouldContain("not how well one can be foretold");
        report.ShouldContain("Features use all that happened in the period");
        report.ShouldNotContain("only what happened before the cutoff");
        report.ShouldNotContain("test cutoff lies after");
        report.ShouldNotContain("<td>to 2026-01-11</td>", Case.Sensitive, "the outcome is of the whole history");
        Card(bench, outputs).ShouldContain("| test (of other visitors, in the same period) |");
        (await bench.Get<ModelRegistry>().FindChampionAsync("pairs_purchase", CancellationToken.None)).ShouldBeNull("the classic model is none of the honest one's versions");
    }

    [Fact]
    public async Task Rows_of_one_visitor_are_never_on_both_sides_of_a_fold()
    {
        await using var bench = await StageBench.CreateAsync(postgres, PairShop.Mapping("""{ "outcomeDays": 10, "candidateDays": 20, "trainCutoffs": 1 }"""));
        await PairShop.PublishAsync(bench);
        await PairShop.BuildAsync(bench);

        // Reproducing needs the same folds, so it also proves that the groups are read again from the stored set.
        TrainingOutputs outputs = await PairShop.TrainAsync(bench);
        ModelVersion champion = (await bench.Get<ModelRegistry>().FindChampionAsync(outputs.Model, CancellationToken.None))!;
        ReproducedModel again = await bench.Get<ModelReproduction>().RunAsync(champion, CancellationToken.None);

        (again.SameFile, again.SameMetrics).ShouldBe((true, true));
        LearnerCatalog.Names.ShouldContain(outputs.Learner);
    }

    [Fact]
    public async Task A_set_that_was_never_built_is_asked_for()
    {
        await using var bench = await StageBench.CreateAsync(postgres, PairShop.Mapping());

        (await Should.ThrowAsync<TaskFailedException>(() => PairShop.TrainAsync(bench))).Message.ShouldContain("gold.pairs.purchase_training_set has never been published");
    }

    private static string Card(StageBench bench, TrainingOutputs outputs) =>
        File.ReadAllText(Path.Combine(bench.Options.Home, Path.GetDirectoryName(outputs.ReportPath)!, "model_card.md"));
}
