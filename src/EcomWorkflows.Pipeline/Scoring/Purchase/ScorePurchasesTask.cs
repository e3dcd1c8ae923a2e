using System.Text.Json.Nodes;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Features.VisitorItem;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Sources;
using EcomWorkflows.Pipeline.Training;
using EcomWorkflows.Pipeline.Training.Learners;
using EcomWorkflows.Pipeline.Training.Purchase;
using EcomWorkflows.Pipeline.Training.Registry;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EcomWorkflows.Pipeline.Scoring.Purchase;

/// <summary>Predicts which pairs of visitor and item end in a purchase: those of the newest day, and those of the test cutoff, whose outcome is known.</summary>
[TaskType("Ecom.ScorePurchases", DisplayName = "Score purchases", Category = "Scoring", Description =
    "Predicts with the champion model for every pair of the newest day and of the test cutoff, replaces the predictions of those moments in gold.purchase_predictions, and writes the labels of earlier scorings whose outcome window has closed.")]
public sealed class ScorePurchasesTask(
    SourceCatalog sources, LakeStore lake, ModelRegistry registry, ModelLoader loader, HistoricalFeatures features, FeatureServiceUse uses, NpgsqlDataSource database,
    PipelineOptions options)
    : ITask<ScorePurchasesInputs, ScorePurchasesOutputs>
{
    internal const string PredictionTable = "gold.purchase_predictions";

    public async Task<TaskResult<ScorePurchasesOutputs>> RunAsync(ScorePurchasesInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        LikeliestRows.RequireCapacity(inputs.ExplainTop);
        SourceMapping mapping = sources.Get(inputs.Source);
        LakeSnapshot events = await lake.RequireAsync(new LakeTableName("silver", mapping.Source, "events"), context, cancellationToken);
        string name = PurchaseTables.Model(mapping.Source, inputs.Variant);
        ModelVersion champion = await registry.FindChampionAsync(name, cancellationToken) ?? throw new TaskFailedException(
            $"There is no champion of model '{name}'. Run Ecom.TrainPurchase for source '{inputs.Source}' first.", FailureCause.Dependency, retryable: false);
        Planner plan = inputs.Variant == PurchaseVariant.Classic
            ? await ClassicAsync(mapping, champion, context, cancellationToken)
            : await HonestAsync(mapping, champion, events, context, cancellationToken);

        IReadOnlyList<OpenOutcome> open = await PurchasePredictionStore.OpenAsync(database, champion.Name, cancellationToken);
        PurchaseScores made = await Task.Run(() => ScoreAsync(mapping, inputs.Variant, champion, events, plan, open, inputs.ExplainTop, context, cancellationToken), cancellationToken);
        ScoredOutcome latest = made.Scorings[^1];
        context.ReportProgress(0.6, $"writing {made.Scorings.Sum(one => one.Pairs.Count)} predictions");
        await context.PublishAsync((scope, token) => PublishAsync(scope, made, context, token), cancellationToken);

        PurchaseScoring scoring = latest.Scoring;
        long predicted = latest.Pairs.Positives(champion.Threshold);
        context.Logger.LogInformation(
            "Scored {Pairs} pairs as of {AsOf:yyyy-MM-dd} with {Model} v{Version} ({Learner}): {Predicted} purchases predicted (probability {Threshold:F4} or more)",
            latest.Pairs.Count, scoring.AsOf, champion.Name, champion.Version, champion.Learner, predicted, champion.Threshold);
        return new ScorePurchasesOutputs(
            mapping.Source, inputs.Variant.ToString().ToLowerInvariant(), scoring.AsOf, champion.Name, champion.Version, champion.Learner, champion.Threshold,
            latest.Pairs.Count, predicted, latest.Pairs.MeanProbability * latest.Pairs.Count,
            made.Scorings.Where(one => one.Scoring.Kind == PurchaseScoring.Holdout).Sum(one => one.Pairs.Count), made.Closed.Count, PredictionTable);
    }

    private async Task<Planner> HonestAsync(SourceMapping mapping, ModelVersion champion, LakeSnapshot events, TaskContext context, CancellationToken cancellationToken)
    {
        await uses.RequireAsync(champion.Name, champion.Version, champion.Features, cancellationToken);
        // The very service version the model was trained on, whatever its current one is.
        string service = await uses.OfAsync(champion.Name, champion.Version, cancellationToken) ?? FeatureView.PurchaseServiceOf(mapping.Source);
        TaskFeatures known = await features.OpenAsync(HistoricalQuery.OfService(service), context, cancellationToken);
        PairFeatures.Require(known);
        RequireFeatures(champion, $"feature service {service}", known.Names);
        return (duckdb, first, last) =>
        {
            ChurnWindows windows = PurchaseWindows.For(mapping, first, last);
            string rows = PairFeatures.At([windows.TestCutoff, windows.ScoreAsOf], known, duckdb, lake.Scan(events), mapping.Purchase.CandidateDays, context, cancellationToken);
            return new PurchaseScoringPlan(mapping, champion, context.Time.GetUtcNow()).Honest(windows, known, rows);
        };
    }

    private async Task<Planner> ClassicAsync(SourceMapping mapping, ModelVersion champion, TaskContext context, CancellationToken cancellationToken)
    {
        LakeSnapshot pairs = await lake.RequireAsync(PurchaseTables.ClassicPairs(mapping.Source), context, cancellationToken);
        RequireFeatures(champion, $"{pairs.Table}", [.. pairs.Columns.Select(column => column.Name)]);
        return (duckdb, first, last) =>
        {
            DateTimeOffset asOf = PurchaseWindows.For(mapping, first, last).ScoreAsOf;
            return new PurchaseScoringPlan(mapping, champion, context.Time.GetUtcNow()).Classic(first, asOf, pairs.SnapshotId, lake.Scan(pairs));
        };
    }

    private static void RequireFeatures(ModelVersion champion, string where, IReadOnlyList<string> names)
    {
        string[] missing = [.. champion.Features.Except(names)];
        if (missing.Length > 0)
        {
            throw new TaskFailedException(
                $"The model {champion.Name} v{champion.Version} needs features that {where} does not have: {string.Join(", ", missing)}. "
                + "Train again on the present features (Ecom.TrainPurchase), or bring them back.",
                FailureCause.BadData, retryable: false);
        }
    }

    private async Task<PurchaseScores> ScoreAsync(
        SourceMapping mapping, PurchaseVariant variant, ModelVersion champion, LakeSnapshot events, Planner plan, IReadOnlyList<OpenOutcome> open, int explainTop, TaskContext context,
        CancellationToken cancellationToken)
    {
        using FittedModel model = loader.Load(champion, PurchaseTables.FeatureView(mapping.Source, variant));
        using DuckDbConnection duckdb = DuckDbConnection.Open(new DuckDbOptions
        {
            MemoryLimit = options.DuckDbMemoryLimit,
            Threads = options.Threads,
            TempDirectory = context.WorkFolder,
        });
        string scan = lake.Scan(events);
        (DateTimeOffset first, DateTimeOffset last) = SourceWindows.Span(duckdb, mapping.Source, scan, cancellationToken);
        PairSql.LoadPurchases(duckdb, scan, cancellationToken);
        var scorings = new List<ScoredOutcome>();
        foreach ((PurchaseScoring scoring, string rows) in plan(duckdb, first, last))
        {
            ScoredRows pairs = await PredictAsync(duckdb, model, scoring, rows, explainTop, context, cancellationToken);
            scorings.Add(new ScoredOutcome(
                scoring, pairs, scoring.OutcomeKnown ? BoughtPairs.Read(duckdb, scoring.OutcomeFrom, scoring.OutcomeTo, cancellationToken) : null));
        }

        if (scorings[^1].Pairs.Count == 0)
        {
            throw new TaskFailedException(
                $"No visitor of '{mapping.Source}' viewed, carted or bought an item in the {mapping.Purchase.CandidateDays} days before the newest event, so there is no pair to score. Bring newer data.",
                FailureCause.BadData, retryable: false);
        }

        // Of windows that lie in this history; the last day may be incomplete, so one that reaches into it is still open.
        var complete = new DateTimeOffset(last.UtcDateTime.Date, TimeSpan.Zero);
        return new PurchaseScores(
            scorings,
            [.. open.Where(one => Utc(one.From) >= first && Utc(one.To) <= complete).Select(one => (one, BoughtPairs.Read(duckdb, Utc(one.From), Utc(one.To), cancellationToken)))]);
    }

    private static async Task<ScoredRows> PredictAsync(
        DuckDbConnection duckdb, FittedModel model, PurchaseScoring scoring, string rows, int explainTop, TaskContext context, CancellationToken cancellationToken)
    {
        using DuckDbReader reader = duckdb.Query(
            $"select customer_id, product_id, {FeatureBlockReader.SelectList(model.FeatureNames)} from {rows}", null, cancellationToken);
        // Only what may still be acted upon is explained. Both variants learn from the three scores, so they are read with the features.
        var likeliest = new LikeliestRows(model.FeatureNames, scoring.Kind == PurchaseScoring.Latest ? explainTop : 0);
        var pairs = new ScoredRows(keys: 2, [.. PairFeatures.Scores.Select(name => model.FeatureNames.ToList().IndexOf(name))], likeliest);
        await new RowScorer(model, keys: 2).ScoreAsync(
            reader,
            block =>
            {
                pairs.Add(block);
                context.ReportProgress(null, $"scored {pairs.Count} pairs ({scoring.Kind})");
                return Task.CompletedTask;
            },
            cancellationToken);
        pairs.Explain(model);
        return pairs;
    }

    private static async Task PublishAsync(PublishScope scope, PurchaseScores made, TaskContext context, CancellationToken cancellationToken)
    {
        foreach ((OpenOutcome open, BoughtPairs bought) in made.Closed)
            await PurchasePredictionStore.WriteOutcomeAsync(scope, open.ScoringId, bought, cancellationToken);
        var staged = new List<StagedScoring>();
        foreach (ScoredOutcome one in made.Scorings)
        {
            StagedScoring written = await PurchasePredictionStore.StageAsync(scope, one.Scoring, one.Pairs, cancellationToken);
            staged.Add(written);
            if (one.Bought is { } bought)
                await PurchasePredictionStore.WriteOutcomeAsync(scope, written.ScoringId, bought, cancellationToken);
        }

        await PurchasePredictionStore.AnalyzeAsync(scope, staged, cancellationToken);
        foreach (StagedScoring one in staged)
            await PurchasePredictionStore.SwapAsync(scope, one, cancellationToken);
        if (context.Outlets.Contains(PredictionTable))
        {
            ScoredOutcome latest = made.Scorings[^1];
            await context.RecordAssetAsync(
                scope, PredictionTable, latest.Pairs.Count, new JsonObject { ["model"] = latest.Scoring.ModelName, ["version"] = latest.Scoring.ModelVersion }, cancellationToken);
        }
    }

    /// <summary>Says what is scored, knowing the times of the first and the last event.</summary>
    private delegate IReadOnlyList<PlannedScoring> Planner(DuckDbConnection duckdb, DateTimeOffset first, DateTimeOffset last);

    private static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
