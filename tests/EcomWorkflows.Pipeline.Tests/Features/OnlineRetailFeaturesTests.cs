using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Features;

public class OnlineRetailFeaturesTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    /// <summary>
    /// What pandas computes, from <c>feats</c> of ../shared/baseline/online_retail.py:
    /// <code>
    /// python3 -c "
    /// src = open('online_retail.py').read(); exec(src[:src.index('import json\nC1')].replace('from common import *', ''))
    /// f = feats(clean(load('online-retail-part1.csv')), '2011-07-02'); print(f.loc[[12347, 12748, 12346]].T.to_string(float_format='%.12g'))"
    /// </code>
    /// </summary>
    private static readonly (string Feature, double C12347, double C12748, double C12346)[] Expected =
    [
        ("recency", 22.4576388889, 0.457638888889, 164.582638889),
        ("tenure", 206.377083333, 212.466666667, 164.582638889),
        ("frequency", 4, 106, 1),
        ("monetary", 2205.95, 11658.21, 77183.6),
        ("avg_basket", 551.4875, 109.983113208, 77183.6),
        ("avg_lines", 25.5, 15.6698113208, 1),
        ("avg_qty", 328.25, 71.4528301887, 74215),
        ("n_products", 75, 1041, 1),
        ("avg_price", 2.73205882353, 2.81868753763, 1.04),
        ("active_days", 4, 53, 1),
        ("gap_mean", 61.3064814815, 2.01913359788, 164.582638889),
        ("gap_std", 10.5450378963, 4.02362999294, 0),
        ("recency_over_gap", 0.360438245828, 0.151579542293, 0.993960719513),
        ("spend_30d", 382.52, 2220.39, 0),
        ("orders_30d", 1, 20, 0),
        ("spend_90d", 1018.77, 5483.63, 0),
        ("orders_90d", 2, 48, 0),
        ("return_amount", 0, 227.96, 77183.6),
        ("return_invoices", 0, 4, 1),
        ("return_rate", 0, 0.0195536021396, 1),
        ("home_country", 0, 1, 1),
    ];

    [SharedDataFact(OnlineRetail.File)]
    public async Task Features_of_Online_Retail_equal_those_of_the_pandas_baseline()
    {
        await using var bench = await StageBench.CreateAsync(postgres);
        await OnlineRetail.PrepareAsync(bench);

        var outputs = await bench.RunAsync<BuildFeaturesTask, BuildFeaturesInputs, BuildFeaturesOutputs>(new BuildFeaturesInputs { Source = OnlineRetail.Source });

        outputs.Features.ShouldBe(21);
        outputs.Customers.ShouldBe(new Dictionary<string, long> { ["2011-03-03"] = 1725, ["2011-04-02"] = 2150, ["2011-07-02"] = 2965, ["2011-10-01"] = 3616 }, ignoreOrder: true);
        outputs.OnlineRows.ShouldBe(3616);
        foreach (var (feature, c12347, c12748, c12346) in Expected)
        {
            var values = await bench.QueryAsync(
                new LakeTableName("features", "online_retail", "customer_activity"),
                $"select {feature} from t where event_timestamp = timestamp '2011-07-02' and customer_id in ('12346', '12347', '12748') order by customer_id",
                row => row.Get<double>(0));
            values.ShouldBe([c12346, c12347, c12748], tolerance: 1e-8, customMessage: feature);
        }
    }
}
