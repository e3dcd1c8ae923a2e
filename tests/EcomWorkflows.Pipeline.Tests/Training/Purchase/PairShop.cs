using EcomWorkflows.Pipeline.Features.Definitions;
using EcomWorkflows.Pipeline.Features.VisitorItem;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Scoring.Purchase;
using EcomWorkflows.Pipeline.Tests.Features;
using EcomWorkflows.Pipeline.Training;
using EcomWorkflows.Pipeline.Training.Leaks;
using EcomWorkflows.Pipeline.Training.Purchase;

namespace EcomWorkflows.Pipeline.Tests.Training.Purchase;

/// <summary>A source of visitors who view items, put some into the cart, and buy half of those some days later: the open carts tell what will be bought.</summary>
internal static class PairShop
{
    public const string Source = "pairs";

    public static readonly LakeTableName Set = new("gold", Source, "purchase_training_set");

    public static readonly LakeTableName History = new("features", Source, "visitor_item");

    public static readonly IReadOnlyList<string> Features = [.. VisitorItemFeatures.All.Select(feature => feature.Name)];

    private static readonly LakeTableName Events = new("silver", Source, "events");

    /// <param name="purchase">The mapping's purchase settings.</param>
    public static Dictionary<string, string> Mapping(
        string purchase = """{ "outcomeDays": 10, "embargoDays": 1, "candidateDays": 20, "trainCutoffs": 3, "cutoffStepDays": 10 }""") => new()
    {
        [Source] =
            $$"""
            {
              "source": "pairs", "description": "Hand-made", "entities": {}, "silver": {},
              "activity": { "eventTypes": [] }, "churn": { "outcomeDays": 10, "embargoDays": 1 },
              "purchase": {{purchase}}
            }
            """,
    };

    /// <summary>Visitors of every third day, until a day.</summary>
    /// <param name="days">Length of the history from 2026-01-01 on.</param>
    public static Task PublishAsync(StageBench bench, long run = 1, int days = 120, int visitors = 300) => PublishAsync(
        bench,
        $"""
        with visit as (
          select v, k, 'v' || v as customer_id, 'p' || ((v * 13 + k * 5) % 40) as product_id,
            timestamp '2026-01-01' + to_days(((v * 7 + k * 11) % 160)::int) + to_minutes((v * 37 % 1400)::int) as seen
          from range({visitors}) a(v), range(12) b(k)
        ),
        step as (
          select customer_id, product_id, 'view' as event_type, seen as event_time from visit
          union all
          select customer_id, product_id, 'cart', seen + to_minutes(20) from visit where (v + k) % 4 = 0
          union all
          select customer_id, product_id, 'purchase', seen + to_days((3 + v % 9)::int) from visit where (v + k) % 8 = 0
        )
        select *
        from step
        where event_time < timestamp '2026-01-01' + to_days({days})
        """,
        run);

    /// <param name="steps">SELECT that yields customer_id, product_id, event_type and event_time.</param>
    public static Task PublishAsync(StageBench bench, string steps, long run = 1) => bench.PublishTableAsync(
        Events,
        $"""
        select customer_id, event_time, event_type, product_id, null::varchar as seller_id, null::varchar as order_id, 1.0::double as quantity, null::double as unit_price,
          null::double as amount, true as is_activity, 'e.csv' as file, row_number() over (order by customer_id, event_time, product_id, event_type) as line
        from ({steps})
        """,
        run);

    /// <summary>Features into the store, as the DAG does it, then the set.</summary>
    public static async Task<BuildPurchaseSetOutputs> BuildAsync(StageBench bench, long run = 1, PurchaseVariant variant = PurchaseVariant.Honest)
    {
        if (variant == PurchaseVariant.Honest)
            await BuildFeaturesAsync(bench, run);
        return await BuildSetAsync(bench, run, variant);
    }

    public static Task<BuildPurchaseFeaturesOutputs> BuildFeaturesAsync(StageBench bench, long run = 1) =>
        bench.RunAsync<BuildPurchaseFeaturesTask, BuildPurchaseFeaturesInputs, BuildPurchaseFeaturesOutputs>(new BuildPurchaseFeaturesInputs { Source = Source }, bench.Context(run));

    public static Task<BuildPurchaseSetOutputs> BuildSetAsync(StageBench bench, long run = 1, PurchaseVariant variant = PurchaseVariant.Honest) =>
        bench.RunAsync<BuildPurchaseSetTask, BuildPurchaseSetInputs, BuildPurchaseSetOutputs>(new BuildPurchaseSetInputs { Source = Source, Variant = variant }, bench.Context(run));

    /// <summary>Defines view and service in a file and applies it.</summary>
    /// <param name="features">What the service has.</param>
    /// <param name="views">Further views of the file, as JSON, each with a comma before it.</param>
    public static async Task ServiceAsync(StageBench bench, IReadOnlyList<string> features, string views = "")
    {
        string folder = Directory.CreateDirectory(Path.Combine(bench.Options.WorkflowsFolder, "features")).FullName;
        string listed = string.Join(", ", VisitorItemFeatures.All.Select(feature => $$"""{ "name": "{{feature.Name}}", "type": "double", "description": "d" }"""));
        await File.WriteAllTextAsync(
            Path.Combine(folder, "pairs.json"),
            $$"""
            {
              "views": [
                { "name": "pairs_visitor_item", "description": "d", "entities": ["customer", "product"], "source": { "task": "Ecom.BuildPurchaseFeatures", "of": "pairs" }, "features": [ {{listed}} ] }{{views}}
              ],
              "services": [ { "name": "pairs_purchase", "description": "d", "features": [ {{string.Join(", ", features.Select(feature => $"\"{feature}\""))}} ] } ]
            }
            """);
        await bench.Get<FeatureApplication>().ApplyAsync(CancellationToken.None);
    }

    /// <summary>Without a dataset repository, so no tag is required.</summary>
    public static Task<TrainingOutputs> TrainAsync(StageBench bench, long run = 1, PurchaseVariant variant = PurchaseVariant.Honest, LeakPolicy onLeak = LeakPolicy.Stop) =>
        bench.RunAsync<TrainPurchaseTask, TrainPurchaseInputs, TrainingOutputs>(
            new TrainPurchaseInputs { Source = Source, Variant = variant, OnLeak = onLeak, RequireDatasetTag = false }, bench.Context(run));

    public static Task<ScorePurchasesOutputs> ScoreAsync(StageBench bench, long run = 1, PurchaseVariant variant = PurchaseVariant.Honest, int explainTop = 0) =>
        bench.RunAsync<ScorePurchasesTask, ScorePurchasesInputs, ScorePurchasesOutputs>(
            new ScorePurchasesInputs { Source = Source, Variant = variant, ExplainTop = explainTop }, bench.Context(run));

    public static Task<ReportPurchasesOutputs> ReportAsync(StageBench bench, long run = 1, PurchaseVariant variant = PurchaseVariant.Honest) =>
        bench.RunAsync<ReportPurchasesTask, ReportPurchasesInputs, ReportPurchasesOutputs>(new ReportPurchasesInputs { Source = Source, Variant = variant }, bench.Context(run));
}
