using System.Text.Json.Nodes;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Sources;
using EcomWorkflows.Pipeline.Training;
using EcomWorkflows.Pipeline.Training.Evaluation;
using EcomWorkflows.Pipeline.Training.Registry;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Pipeline.Scoring.Retention;

/// <summary>Makes the list of customers whom contacting is expected to pay for.</summary>
[TaskType("Ecom.SelectRetentionTargets", DisplayName = "Select retention targets", Category = "Scoring", Description =
    "Lists the customers of the newest scoring whom a retention offer is expected to pay for, by profit and within a budget, holds a random share out to measure what contacting brings, and publishes gold.retention_target and gold.{source}.retention_targets.")]
public sealed class SelectRetentionTargetsTask(
    SourceCatalog sources, LakeStore lake, ChurnScorings scorings, ModelRegistry models, HistoricalFeatures features, RetentionStore retention, PipelineOptions options)
    : ITask<SelectRetentionTargetsInputs, SelectRetentionTargetsOutputs>
{
    public async Task<TaskResult<SelectRetentionTargetsOutputs>> RunAsync(SelectRetentionTargetsInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        (RetentionSettings settings, ProfitAssumptions offer) = (inputs.Settings, inputs.Offer);
        if ((settings.Problem() ?? (inputs.RestDays is < 0 or > 3650 ? $"restDays is {inputs.RestDays}; allowed: 0 to 3650" : null)) is { } problem)
            throw new TaskFailedException($"{problem}.", retryable: false);
        SourceMapping mapping = sources.Get(inputs.Source);
        ScoringSummary scoring = await scorings.NewestAsync(mapping.Source, cancellationToken) ?? throw new TaskFailedException(
            $"Customers of '{inputs.Source}' have not been scored yet. Run Ecom.ScoreChurn first.", FailureCause.Dependency, retryable: false);

        IReadOnlyList<string> differences = await OfferDifferencesAsync(scoring, offer, context, cancellationToken);

        // With a value of their own also unlikely churners may be worth an offer; without one, the likeliest are worth it most.
        (double least, int? most) = inputs.ValueFeature.Length > 0 ? (0, null) : (Math.Min(settings.Profit.BreakEven, double.MaxValue), settings.MostTargets);
        (IReadOnlyList<RetentionCandidate> candidates, long resting) = await retention.CandidatesAsync(scoring, least, most, inputs.RestDays, cancellationToken);
        if (inputs.ValueFeature.Length > 0)
            candidates = await WithValuesAsync(mapping.Source, inputs.ValueFeature, scoring.AsOf, candidates, context, cancellationToken);
        RetentionPlan plan = RetentionPlan.Make(mapping.Source, candidates, settings);
        var list = new RetentionList(
            mapping.Source, scoring.AsOf, scoring.ModelName, scoring.ModelVersion, offer.CustomerValue, inputs.ValueFeature.Length > 0 ? inputs.ValueFeature : null, offer.OfferCost,
            offer.ContactCost, offer.SaveRate, offer.StayerTakeRate, settings.Budget, inputs.HoldoutShare, inputs.Seed, inputs.RestDays, scoring.Customers, resting,
            plan.Contacted, plan.HeldOut, plan.ExpectedProfit, plan.ExpectedCost, context.Attempt.RunId, context.Attempt.AttemptId, context.Time.GetUtcNow());
        LakeTableName table = TableOf(mapping.Source);
        await PublishAsync(list, plan, table, context, cancellationToken);
        context.Logger.LogInformation(
            "{Contacted} customers to contact and {HeldOut} held out of {Scored} scored as of {AsOf:yyyy-MM-dd}: expected profit {Profit:F2}, expected cost {Cost:F2}",
            plan.Contacted, plan.HeldOut, scoring.Customers, scoring.AsOf, plan.ExpectedProfit, plan.ExpectedCost);
        return new SelectRetentionTargetsOutputs(
            mapping.Source, scoring.AsOf, scoring.ModelName, scoring.ModelVersion, scoring.Customers, resting, plan.Contacted, plan.HeldOut, settings.Profit.BreakEven,
            plan.ExpectedProfit, plan.ExpectedCost, $"{table}", differences);
    }

    /// <summary>The lake table of a source's newest list.</summary>
    public static LakeTableName TableOf(string source) => new("gold", source, "retention_targets");

    /// <summary>The report of the model draws a profit curve: where it reckons with another offer, a reader must not take it for that of the list.</summary>
    private async Task<IReadOnlyList<string>> OfferDifferencesAsync(ScoringSummary scoring, ProfitAssumptions offer, TaskContext context, CancellationToken cancellationToken)
    {
        if (await models.FindAsync(scoring.ModelName, scoring.ModelVersion, cancellationToken) is not { } model || TrainingRecipe.Read(options, model)?.Offer is not { } reported)
            return [];
        IReadOnlyList<string> differences = offer.DifferencesFrom(reported);
        if (differences.Count > 0)
        {
            context.Logger.LogWarning(
                "This list reckons with another offer than the report of {Model} v{Version}: {Differences}", scoring.ModelName, scoring.ModelVersion, string.Join(", ", differences));
        }

        return differences;
    }

    private async Task<IReadOnlyList<RetentionCandidate>> WithValuesAsync(
        string source, string feature, DateTimeOffset asOf, IReadOnlyList<RetentionCandidate> candidates, TaskContext context, CancellationToken cancellationToken)
    {
        string service = FeatureView.ChurnServiceOf(source);
        TaskFeatures known = await features.OpenAsync(HistoricalQuery.OfService(service), context, cancellationToken);
        ChurnFeatures.Require(known);
        if (!known.Names.Contains(feature))
            throw new TaskFailedException($"valueFeature is '{feature}'; feature service {service} has {string.Join(", ", known.Names)}.", retryable: false);

        using DuckDbConnection duckdb = Open(context);
        string at = known.AtExactly(duckdb, [asOf], cancellationToken) ?? AsOf(duckdb, known, asOf, candidates, context, cancellationToken);
        var values = new Dictionary<string, double>(StringComparer.Ordinal);
        using DuckDbReader rows = duckdb.Query(
            $"select customer_id, {TrainingSetSql.Quote(feature)}::double from {at} where {TrainingSetSql.Quote(feature)} is not null", null, cancellationToken);
        while (rows.Read())
            values[rows.Get<string>(0)] = rows.Get<double>(1);
        return [.. candidates.Select(candidate => values.TryGetValue(candidate.CustomerId, out double value) ? candidate with { Value = value } : candidate)];
    }

    private static string AsOf(
        DuckDbConnection duckdb, TaskFeatures known, DateTimeOffset asOf, IReadOnlyList<RetentionCandidate> candidates, TaskContext context, CancellationToken cancellationToken)
    {
        duckdb.Execute("create temp table candidate (customer_id varchar)", null, cancellationToken);
        using (DuckDbAppender appender = duckdb.CreateAppender("candidate"))
        {
            foreach (RetentionCandidate candidate in candidates)
                appender.Append(candidate.CustomerId).EndRow();
            appender.Flush();
        }

        duckdb.Execute(
            $"create temp table pair as select row_number() over () as pair_id, customer_id, {TrainingSetSql.Literals([asOf])} as event_timestamp from candidate", null, cancellationToken);
        return known.AsOf(duckdb, context.Time.GetUtcNow(), cancellationToken);
    }

    private async Task PublishAsync(RetentionList list, RetentionPlan plan, LakeTableName table, TaskContext context, CancellationToken cancellationToken)
    {
        string file = lake.NewFile(context, table);
        IReadOnlyList<LakeColumn> columns = Write(list, plan, file, context, cancellationToken);
        LakeFile described = await lake.DescribeAsync(file, cancellationToken);
        await context.PublishAsync(
            async (scope, token) =>
            {
                await RetentionStore.ReplaceAsync(scope, list, plan.Targets, token);
                await lake.PublishAsync(scope, context, table, described.Rows == 0 ? [] : [described], columns, token);
                if (context.Outlets.Contains($"{table}"))
                    await context.RecordAssetAsync(scope, $"{table}", plan.Targets.Count, new JsonObject { ["model"] = list.ModelName, ["version"] = list.ModelVersion }, token);
            },
            cancellationToken);
    }

    private IReadOnlyList<LakeColumn> Write(RetentionList list, RetentionPlan plan, string file, TaskContext context, CancellationToken cancellationToken)
    {
        using DuckDbConnection duckdb = Open(context);
        duckdb.Execute(
            """
            create table target (customer_id varchar, rank integer, target_group varchar, churn_probability double, customer_value double, expected_profit double, expected_cost double,
              reasons varchar)
            """,
            null, cancellationToken);
        using (DuckDbAppender appender = duckdb.CreateAppender("target"))
        {
            foreach (RetentionTarget target in plan.Targets)
            {
                appender.Append(target.CustomerId).Append(target.Rank).Append(target.Group).Append(target.ChurnProbability).Append(target.CustomerValue)
                    .Append(target.ExpectedProfit).Append(target.ExpectedCost).Append(target.Reasons).EndRow();
            }

            appender.Flush();
        }

        duckdb.Execute(
            $"""
            copy (
              select timestamp '{list.AsOf.UtcDateTime:yyyy-MM-dd HH:mm:ss}' as as_of, *, {LakeStore.Quote(list.ModelName)} as model_name, {list.ModelVersion} as model_version
              from target
              order by rank
            ) to {LakeStore.Quote(file)} {ParquetFormat.Options}
            """,
            null, cancellationToken);
        return LakeStore.Columns(duckdb, file, cancellationToken);
    }

    private DuckDbConnection Open(TaskContext context) => DuckDbConnection.Open(new DuckDbOptions
    {
        MemoryLimit = options.DuckDbMemoryLimit, Threads = options.Threads, TempDirectory = context.WorkFolder, PreserveInsertionOrder = true,
    });
}
