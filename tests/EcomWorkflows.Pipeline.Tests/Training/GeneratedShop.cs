using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Scoring;
using EcomWorkflows.Pipeline.Tests.Features;
using EcomWorkflows.Pipeline.Training;

namespace EcomWorkflows.Pipeline.Tests.Training;

/// <summary>Some hundred customers with their own pace of buying: the slow ones churn, so there is something to learn. Made by arithmetic, without chance.</summary>
internal static class GeneratedShop
{
    public const int Customers = 600;

    /// <param name="customers">How many of them.</param>
    /// <param name="days">How long the shop has been open.</param>
    public static async Task PublishAsync(StageBench bench, long run = 1, int customers = Customers, int days = 90)
    {
        await PublishEventsAsync(bench, run, customers, days);
        await bench.PublishTableAsync(
            new LakeTableName("silver", TinyShop.Source, "customers"),
            $"select 'c' || c as customer_id, 'DE' as country, c % 2 = 0 as home_country, timestamp '2026-01-01' as signup_time from range({customers}) a(c)", run);
        await TinyShop.BuildAsync(bench, run);
        await bench.RunAsync<BuildTrainingSetTask, BuildTrainingSetInputs, BuildTrainingSetOutputs>(
            new BuildTrainingSetInputs { Source = TinyShop.Source }, bench.Context(run));
    }

    /// <summary>Only what happened.</summary>
    /// <param name="which">A condition on c, the number of the customer: who goes on buying after day 90.</param>
    public static Task PublishEventsAsync(StageBench bench, long run = 1, int customers = Customers, int days = 90, string which = "true") =>
        // Customer c buys every 3 + c % 25 days from day c % 17 on, and one in four stops on a day of its own.
        bench.PublishTableAsync(
            new LakeTableName("silver", TinyShop.Source, "events"),
            $"""
            select 'c' || c as customer_id,
              timestamp '2026-01-01' + to_days((c % 17 + n * (3 + c % 25))::int) + to_minutes((c * 7 % 1440)::int) as event_time,
              'purchase' as event_type, 'p' || (c % 11) as product_id, null::varchar as seller_id, 'o' || c || '-' || n as order_id,
              (1 + c % 3)::double as quantity, (5 + c % 40)::double as unit_price, ((1 + c % 3) * (5 + c % 40))::double as amount,
              true as is_activity, 'e.csv' as file, (c * 100 + n)::bigint as line
            from range({customers}) a(c), range(60) b(n)
            where c % 17 + n * (3 + c % 25) < {days}
              and (c % 17 + n * (3 + c % 25) < 90 or {which})
              and (c % 4 <> 0 or c % 17 + n * (3 + c % 25) < 20 + c * 13 % 70)
            """,
            run);

    /// <summary>Without a dataset repository, so no tag is required.</summary>
    public static Task<TrainingOutputs> TrainAsync(StageBench bench, long run = 1, int seed = 42, Func<TrainChurnInputs, TrainChurnInputs>? change = null)
    {
        var inputs = new TrainChurnInputs { Source = TinyShop.Source, Seed = seed, RequireDatasetTag = false };
        return bench.RunAsync<TrainChurnTask, TrainChurnInputs, TrainingOutputs>(change is null ? inputs : change(inputs), bench.Context(run));
    }

    public static Task<ScoreChurnOutputs> ScoreAsync(StageBench bench, long run = 1, int explainTop = 20) =>
        bench.RunAsync<ScoreChurnTask, ScoreChurnInputs, ScoreChurnOutputs>(new ScoreChurnInputs { Source = TinyShop.Source, ExplainTop = explainTop }, bench.Context(run));
}
