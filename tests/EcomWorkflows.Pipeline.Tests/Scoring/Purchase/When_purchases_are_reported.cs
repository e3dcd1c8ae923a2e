using Dapper;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Scoring.Purchase;
using EcomWorkflows.Pipeline.Tests.Features;
using EcomWorkflows.Pipeline.Tests.Training.Purchase;
using EcomWorkflows.Pipeline.Training.Leaks;
using EcomWorkflows.Pipeline.Training.Purchase;
using EcomWorkflows.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Scoring.Purchase;

public sealed class When_purchases_are_reported(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly string[] Steps = ["none", "view", "cart", "purchase"];

    private static readonly string[] Names = ["overall", "top-products", "engagement-score", "funnel-depth", "interaction-score", "top-visitors"];

    [Fact]
    public async Task Six_linked_reports_are_stored_as_pages_and_csv_and_their_figures_are_those_of_the_table()
    {
        await using var bench = await ScoredAsync(PurchaseVariant.Honest);

        ReportPurchasesOutputs outputs = await PairShop.ReportAsync(bench);

        string folder = Path.Combine(bench.Options.Home, Path.GetDirectoryName(outputs.ReportPath)!);
        string index = File.ReadAllText(Path.Combine(folder, "index.html"));
        foreach (string name in Names)
        {
            index.ShouldContain($"href=\"{name}.html\"");
            File.ReadAllText(Path.Combine(folder, $"{name}.html")).ShouldContain("href=\"index.html\"");
            File.ReadAllLines(Path.Combine(folder, $"{name}.csv"))[0].ShouldStartWith("kind,as_of,group,pairs,bought,conversion");
        }

        outputs.Reports.Count.ShouldBe(6);
        index.ShouldNotContain("cannot be trusted");
        index.ShouldContain("Hold-out pairs are those of the test cutoff, which the model has not learned from.");
        await using NpgsqlConnection connection = await bench.Get<NpgsqlDataSource>().OpenConnectionAsync();
        var steps = (await connection.QueryAsync<(string Kind, int Depth, long Pairs, long? Bought, double Expected)>(
            "select kind, funnel_depth, count(*), sum(actual_label), sum(predicted_prob) from gold.purchase_predictions group by 1, 2 order by 1, 2")).AsList();
        File.ReadAllText(Path.Combine(folder, "funnel-depth.html")).ShouldContain("<figcaption>Predicted probability and conversion</figcaption>");
        string[][] lines = [.. File.ReadAllLines(Path.Combine(folder, "funnel-depth.csv")).Skip(1).Select(line => line.Split(','))];
        lines.Select(line => (line[0], line[2], line[3], line[4])).ShouldBe(
            steps.Select(step => (step.Kind, Steps[step.Depth], $"{step.Pairs}", $"{step.Bought}")));
        lines.Sum(line => double.Parse(line[8])).ShouldBe(steps.Sum(step => step.Expected), 1e-6);
        outputs.HoldoutConversion!.Value.ShouldBe(
            await connection.ExecuteScalarAsync<double>("select avg(actual_label)::float8 from gold.purchase_predictions where kind = 'holdout'"), 1e-12);
        File.ReadAllLines(Path.Combine(folder, "top-products.csv")).Count(line => line.StartsWith("latest", StringComparison.Ordinal)).ShouldBe(20);
        File.ReadAllLines(Path.Combine(folder, "top-visitors.csv")).Count(line => line.StartsWith("holdout", StringComparison.Ordinal)).ShouldBe(50);
    }

    [Fact]
    public async Task Reports_of_the_classic_variant_say_that_their_figures_cannot_be_trusted()
    {
        await using var bench = await ScoredAsync(PurchaseVariant.Classic);

        ReportPurchasesOutputs outputs = await PairShop.ReportAsync(bench, variant: PurchaseVariant.Classic);

        foreach (string page in outputs.Reports.Append(outputs.ReportPath))
        {
            string text = File.ReadAllText(Path.Combine(bench.Options.Home, page));
            text.ShouldContain("These figures cannot be trusted");
            text.ShouldContain("All pairs are counted, those the model has learned from among them");
            text.ShouldNotContain("of recent interest");
            text.ShouldNotContain("has not learned from");
        }

        outputs.HoldoutConversion.ShouldBeNull();
    }

    [Theory]
    [InlineData(nameof(PublishFate.Fenced))]
    [InlineData(nameof(PublishFate.CrashBeforeCommit))]
    public async Task An_attempt_that_may_not_publish_leaves_the_reports_as_they_were(string fate)
    {
        await using var bench = await ScoredAsync(PurchaseVariant.Honest);
        ReportPurchasesOutputs outputs = await PairShop.ReportAsync(bench);
        string page = Path.Combine(bench.Options.Home, outputs.ReportPath);
        await File.AppendAllTextAsync(page, "<!-- first -->");

        bench.Fate = Enum.Parse<PublishFate>(fate);
        await Should.ThrowAsync<Exception>(() => PairShop.ReportAsync(bench));

        File.ReadAllText(page).ShouldEndWith("<!-- first -->");
        Directory.GetDirectories(Path.GetDirectoryName(Path.GetDirectoryName(page))!).Length.ShouldBe(1, "nothing half-written is left");
    }

    [Fact]
    public async Task Reporting_without_predictions_says_what_to_run()
    {
        await using var bench = await StageBench.CreateAsync(postgres, PairShop.Mapping());

        (await Should.ThrowAsync<TaskFailedException>(() => PairShop.ReportAsync(bench))).Message.ShouldContain("Run Ecom.ScorePurchases for source 'pairs' first");
    }

    private async Task<StageBench> ScoredAsync(PurchaseVariant variant)
    {
        StageBench bench = await StageBench.CreateAsync(postgres, PairShop.Mapping());
        await PairShop.PublishAsync(bench);
        await PairShop.BuildAsync(bench, variant: variant);
        await PairShop.TrainAsync(bench, variant: variant, onLeak: variant == PurchaseVariant.Classic ? LeakPolicy.Report : LeakPolicy.Stop);
        await PairShop.ScoreAsync(bench, variant: variant);
        return bench;
    }
}
