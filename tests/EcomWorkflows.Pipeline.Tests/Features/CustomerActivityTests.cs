using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Features;

public class CustomerActivityTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    // Data to 2026-02-20 12:00: label end 20 February, test cutoff 10 February, train cutoff 30 January, score as-of 21 February.
    private static readonly (string, string, string, string, string?, double, double)[] Events =
    [
        ("ann", "2026-01-10 10:00:00", "view", "p1", null, 0, 0),
        ("ann", "2026-01-10 10:20:00", "cart", "p1", null, 0, 0),
        ("ann", "2026-01-10 10:50:01", "purchase", "p1", "o1", 2, 5),
        ("ann", "2026-01-10 10:50:01", "purchase", "p2", "o1", 1, 10),
        ("ann", "2026-01-20 10:50:01", "purchase", "p1", "o2", 1, 5),
        ("ann", "2026-01-25 00:00:00", "return", "p1", "o2", 1, 5),
        ("bob", "2026-01-29 23:59:59", "view", "p1", null, 0, 0),
        ("bob", "2026-01-30 00:00:00", "purchase", "p1", "o3", 1, 7),
        ("ann", "2026-02-20 12:00:00", "seller_view", "p9", null, 0, 0),
    ];

    [Fact]
    public async Task Features_are_those_computed_by_hand()
    {
        await using var bench = await StageBench.CreateAsync(postgres, TinyShop.Mapping());
        await TinyShop.PublishSilverAsync(bench, 1, Events);

        var outputs = await TinyShop.BuildAsync(bench);

        // Bob was not active before the training cutoff: his purchase at that very moment is not before it.
        outputs.Customers.ShouldBe(new Dictionary<string, long> { ["2026-01-30"] = 1, ["2026-02-10"] = 2, ["2026-02-21"] = 2 }, ignoreOrder: true);
        var day = 86_400.0;
        var sinceO2 = 9 + (47_399 / day);
        var ann = await RowAsync(bench, "ann", "2026-01-30");
        var expected = new Dictionary<string, double>
            {
                ["recency"] = sinceO2, ["tenure"] = sinceO2 + 10, ["frequency"] = 2, ["monetary"] = 25, ["avg_basket"] = 12.5, ["avg_lines"] = 1.5, ["avg_qty"] = 2,
                ["n_products"] = 2, ["avg_price"] = 20 / 3.0, ["active_days"] = 2, ["gap_mean"] = 10, ["gap_std"] = 0, ["recency_over_gap"] = sinceO2 / 11,
                ["spend_30d"] = 25, ["orders_30d"] = 2, ["spend_90d"] = 25, ["orders_90d"] = 2, ["return_amount"] = 5, ["return_invoices"] = 1,
                ["return_rate"] = 5 / (25 + 1e-9), ["home_country"] = 1, ["n_views"] = 1, ["n_seller_views"] = 0, ["n_carts"] = 1, ["n_purchases"] = 3,
                ["views_7d"] = 0, ["views_30d"] = 1, ["events_1d"] = 0, ["events_7d"] = 0, ["events_30d"] = 5, ["n_sessions"] = 3, ["n_products_seen"] = 2,
                ["days_since_last_event"] = sinceO2, ["days_since_first_event"] = 19 + (14 / 24.0), ["cart_rate"] = 0.5, ["events_per_session"] = 5 / 3.0,
            };
        ann.Keys.ShouldBe(expected.Keys);
        foreach (var (feature, value) in expected)
            ann[feature]!.Value.ShouldBe(value, 1e-12, feature);
        var bob = await RowAsync(bench, "bob", "2026-02-10");
        bob["gap_mean"].ShouldBe(bob["tenure"]);
        bob["home_country"].ShouldBe(0);
    }

    [Fact]
    public async Task What_happens_at_or_after_an_as_of_time_changes_nothing_before_it()
    {
        await using var bench = await StageBench.CreateAsync(postgres, TinyShop.Mapping());
        await TinyShop.PublishSilverAsync(bench, 1, Events);
        await TinyShop.BuildAsync(bench);
        var before = await RowAsync(bench, "ann", "2026-02-10");

        await TinyShop.PublishSilverAsync(bench, 2, [.. Events, ("ann", "2026-02-10 00:00:00", "purchase", "p7", "o8", 9, 99), ("ann", "2026-02-11 00:00:00", "return", "p1", "o1", 2, 5)]);
        await TinyShop.BuildAsync(bench, run: 2);

        (await RowAsync(bench, "ann", "2026-02-10")).ShouldBe(before);
    }

    [Fact]
    public async Task A_source_that_names_groups_gets_their_features_only()
    {
        await using var bench = await StageBench.CreateAsync(postgres, TinyShop.Mapping("\"browsing\""));
        await TinyShop.PublishSilverAsync(bench, 1, Events);

        await TinyShop.BuildAsync(bench);

        var ann = await RowAsync(bench, "ann", "2026-02-21");
        ann.Keys.ShouldBe(CustomerActivityFeatures.All.Where(f => f.Group == CustomerActivityFeatures.Browsing).Select(f => f.Name));
        ann["n_seller_views"].ShouldBe(1);
        ann["n_sessions"].ShouldBe(4);
    }

    private static async Task<Dictionary<string, double?>> RowAsync(StageBench bench, string customer, string asOf)
    {
        var rows = await bench.QueryAsync(
            new LakeTableName("features", TinyShop.Source, "customer_activity"),
            $"select * exclude (customer_id, event_timestamp, created_timestamp) from t where customer_id = '{customer}' and event_timestamp = timestamp '{asOf}'",
            row => Enumerable.Range(0, row.FieldCount).ToDictionary(row.GetName, i => row.Get<double?>(i)));
        return rows.Single();
    }
}
