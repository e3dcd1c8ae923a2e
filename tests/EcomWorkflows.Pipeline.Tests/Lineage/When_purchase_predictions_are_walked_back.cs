using EcomWorkflows.Orchestration;
using EcomWorkflows.Pipeline.Lineage;
using EcomWorkflows.Pipeline.Tests.Features;
using EcomWorkflows.Pipeline.Tests.Training.Purchase;
using EcomWorkflows.Pipeline.Training.Leaks;
using EcomWorkflows.Pipeline.Training.Purchase;
using EcomWorkflows.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Lineage;

/// <summary>From the prediction that a visitor buys an item back to the events its features were computed from, made by the real tasks.</summary>
public sealed class When_purchase_predictions_are_walked_back(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_pair_of_the_newest_day_leads_to_its_features_and_to_exactly_the_events_they_count()
    {
        await using var bench = await ScoredAsync();
        var lineage = bench.Get<LineageReader>();
        var pair = (await lineage.PairsAsync(PairShop.Source, 1, CancellationToken.None)).ShouldHaveSingleItem();

        var graph = await lineage.PurchaseAsync(PairShop.Source, pair.Visitor, pair.Item, new PurchaseChoice(), LineageReader.MostRows, CancellationToken.None);

        var prediction = graph.Nodes.Single(n => n.Id == graph.Start);
        (Fact(prediction, "visitor"), Fact(prediction, "item"), Fact(prediction, "variant")).ShouldBe((pair.Visitor, pair.Item, "honest"));
        Fact(prediction, "what happened").ShouldBe("not known yet: the window is open");
        string reasons = Fact(prediction, "raised most by");
        PairShop.Features.ShouldContain(reasons.Split(" = ")[0]);
        reasons.ShouldContain("(+");
        Next(graph, prediction, LineageKind.Model).Single().Title.ShouldBe("pairs_purchase v1");
        var features = Next(graph, prediction, LineageKind.FeatureRow).Single();
        Next(graph, features, LineageKind.Table).Single().Title.ShouldBe("features.pairs.visitor_item");
        Next(graph, features, LineageKind.FeatureView).Single().Title.ShouldBe("pairs_visitor_item@v1");
        Counted(graph, features, "computed from", "view").ShouldBe(Fact(features, "pair_views"));
        Counted(graph, features, "computed from", "cart").ShouldBe(Fact(features, "pair_carts"));
        (long.Parse(Counted(graph, features, "computed from")) + long.Parse(Counted(graph, features, "what it says of the visitor, from"))).ShouldBe(
            long.Parse(Fact(features, "visitor_events")));
        (long.Parse(Counted(graph, features, "computed from")) + long.Parse(Counted(graph, features, "what it says of the item, from"))).ShouldBe(
            long.Parse(Fact(features, "item_events")));
        var few = await lineage.PurchaseAsync(PairShop.Source, pair.Visitor, pair.Item, new PurchaseChoice(), int.Parse(Counted(graph, features, "computed from")) + 2, CancellationToken.None);
        Counted(few, features, "computed from").ShouldBe(Counted(graph, features, "computed from"), "the pair's own events come first");
        (Counted(few, features, "what it says of the visitor, from"), Counted(few, features, "what it says of the item, from")).ShouldBe(("1", "1"), "the others take turns");
    }

    [Fact]
    public async Task A_pair_of_the_test_cutoff_leads_to_its_features_at_the_cutoff_and_says_what_happened()
    {
        await using var bench = await ScoredAsync();
        var (visitor, item, asOf) = await HoldoutAsync(bench);

        var graph = await bench.Get<LineageReader>().PurchaseAsync(
            PairShop.Source, visitor, item, new PurchaseChoice(asOf, Kind: "holdout"), LineageReader.MostRows, CancellationToken.None);

        var prediction = graph.Nodes.Single(n => n.Id == graph.Start);
        Fact(prediction, "what happened").ShouldBe("bought");
        var features = Next(graph, prediction, LineageKind.FeatureRow).Single();
        Fact(features, "event_timestamp").ShouldBe($"{asOf:yyyy-MM-dd HH:mm:ss}");
        Counted(graph, features, "computed from", "view").ShouldBe(Fact(features, "pair_views"));
        var history = Next(graph, features, LineageKind.Table).Single();
        history.Title.ShouldBe("features.pairs.visitor_item");
        Next(graph, history, LineageKind.Table).Select(t => t.Title).ShouldBe(["silver.pairs.events"]);
    }

    [Fact]
    public async Task The_classic_features_know_the_pair_alone_and_the_lineage_says_of_which_period()
    {
        await using var bench = await StageBench.CreateAsync(postgres, PairShop.Mapping());
        await PairShop.PublishAsync(bench);
        await PairShop.BuildAsync(bench, variant: PurchaseVariant.Classic);
        await PairShop.TrainAsync(bench, variant: PurchaseVariant.Classic, onLeak: LeakPolicy.Report);
        await PairShop.ScoreAsync(bench, variant: PurchaseVariant.Classic);
        var (visitor, item) = await FirstPairAsync(bench);

        var graph = await bench.Get<LineageReader>().PurchaseAsync(PairShop.Source, visitor, item, new PurchaseChoice(Variant: "classic"), 50, CancellationToken.None);

        Fact(graph.Nodes.Single(n => n.Id == graph.Start), "variant").ShouldContain("same period as the outcome");
        var features = graph.Nodes.Single(n => n.Kind == LineageKind.FeatureRow);
        graph.Edges.Where(e => e.From == features.Id).Select(e => e.How).Distinct().ShouldBe(["computed from", "a row of"], ignoreOrder: true);
        graph.Nodes.Where(n => n.Kind == LineageKind.Row).ShouldAllBe(n => Fact(n, "customer_id") == visitor && Fact(n, "product_id") == item);
    }

    [Fact]
    public async Task A_model_and_its_training_set_lead_forth_to_the_scorings_of_pairs()
    {
        await using var bench = await ScoredAsync();

        var graph = await bench.Get<LineageReader>().ModelAsync("pairs_purchase", 1, CancellationToken.None);

        graph.Edges.Where(e => e.To == graph.Start).Select(e => graph.Nodes.Single(n => n.Id == e.From).Title.Split(" as of ")[0]).ShouldBe(
            ["pairs, all latest pairs", "pairs, all holdout pairs"]);
    }

    [Fact]
    public async Task What_does_not_exist_is_answered_with_what_does()
    {
        await using var bench = await ScoredAsync();
        var lineage = bench.Get<LineageReader>();

        (await RefusedAsync("pairs", "nobody", "p1", new PurchaseChoice())).ShouldContain("no honest prediction of visitor 'nobody' and item 'p1' of pairs. Predicted are, for example, visitor v");
        (await RefusedAsync("pairs", "v1", "p1", new PurchaseChoice(DateTimeOffset.UnixEpoch, Kind: "holdout"))).ShouldContain("of kind holdout of visitor 'v1' and item 'p1' of pairs as of 1970-01-01");
        (await RefusedAsync("other", "v1", "p1", new PurchaseChoice())).ShouldContain("no purchase predictions of source 'other' yet");
        (await RefusedAsync("pairs", "v1", "p1", new PurchaseChoice(Variant: "best"))).ShouldContain("no variant 'best' of purchase predictions; there are honest and classic");
        (await RefusedAsync("pairs", "v1", "p1", new PurchaseChoice(Kind: "old"))).ShouldContain("no kind 'old' of purchase predictions; there are latest and holdout");

        async Task<string> RefusedAsync(string source, string visitor, string item, PurchaseChoice choice) =>
            (await Should.ThrowAsync<NotFoundException>(() => lineage.PurchaseAsync(source, visitor, item, choice, 5, CancellationToken.None))).Message;
    }

    private async Task<StageBench> ScoredAsync()
    {
        var bench = await StageBench.CreateAsync(postgres, PairShop.Mapping());
        await PairShop.PublishAsync(bench);
        await PairShop.BuildAsync(bench);
        await PairShop.TrainAsync(bench);
        await PairShop.ScoreAsync(bench, explainTop: 5);
        return bench;
    }

    /// <summary>How many events a row of features stands on, by what it says of them.</summary>
    private static string Counted(LineageGraph graph, LineageNode features, string how, string? type = null) => $"{graph.Edges.Count(e =>
        e.From == features.Id && e.How == how && (type is null || Fact(graph.Nodes.Single(n => n.Id == e.To), "event_type") == type))}";

    private static string Fact(LineageNode node, string name) => node.Facts.First(f => f.Name == name).Value;

    private static List<LineageNode> Next(LineageGraph graph, LineageNode node, LineageKind kind) =>
        [.. graph.Edges.Where(e => e.From == node.Id).Select(e => graph.Nodes.Single(n => n.Id == e.To)).Where(n => n.Kind == kind)];

    private static async Task<(string Visitor, string Item, DateTimeOffset AsOf)> HoldoutAsync(StageBench bench)
    {
        await using var command = bench.Get<NpgsqlDataSource>().CreateCommand(
            "select visitorid, itemid, as_of from gold.purchase_predictions where kind = 'holdout' and actual_label = 1 order by 1, 2 limit 1");
        await using var rows = await command.ExecuteReaderAsync();
        (await rows.ReadAsync()).ShouldBeTrue();
        return (rows.GetString(0), rows.GetString(1), new DateTimeOffset(rows.GetDateTime(2)));
    }

    private static async Task<(string Visitor, string Item)> FirstPairAsync(StageBench bench)
    {
        await using var command = bench.Get<NpgsqlDataSource>().CreateCommand("select visitorid, itemid from gold.purchase_predictions order by 1, 2 limit 1");
        await using var rows = await command.ExecuteReaderAsync();
        (await rows.ReadAsync()).ShouldBeTrue();
        return (rows.GetString(0), rows.GetString(1));
    }
}
