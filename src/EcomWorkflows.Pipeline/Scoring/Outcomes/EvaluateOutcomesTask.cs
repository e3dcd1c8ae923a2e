using System.Globalization;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Sources;
using EcomWorkflows.Pipeline.Training;
using EcomWorkflows.Pipeline.Training.Registry;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Pipeline.Scoring.Outcomes;

/// <summary>Judges predictions by what happened, once the outcome window of their scoring has closed.</summary>
[TaskType("Ecom.EvaluateOutcomes", DisplayName = "Evaluate outcomes", Category = "Scoring", Description =
    "Labels the customers of every scoring whose outcome window has closed since the last time, stores the figures per model version and what contacting brought against the hold-out group, and fails on drifted labels or a decayed model unless told not to.")]
public sealed class EvaluateOutcomesTask(SourceCatalog sources, LakeStore lake, ModelRegistry registry, ChurnScorings scorings, OutcomeStore outcomes, PipelineOptions options)
    : ITask<EvaluateOutcomesInputs, EvaluateOutcomesOutputs>
{
    public async Task<TaskResult<EvaluateOutcomesOutputs>> RunAsync(EvaluateOutcomesInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        SourceMapping mapping = sources.Get(inputs.Source);
        LakeSnapshot events = await lake.RequireAsync(new LakeTableName("silver", mapping.Source, "events"), context, cancellationToken);
        using DuckDbConnection duckdb = DuckDbConnection.Open(new DuckDbOptions { MemoryLimit = options.DuckDbMemoryLimit, Threads = options.Threads, TempDirectory = context.WorkFolder });
        ChurnWindows windows = SourceWindows.Read(duckdb, mapping, lake.Scan(events), cancellationToken);
        IReadOnlyList<ScoringSummary> all = await scorings.ListAsync(mapping.Source, cancellationToken);
        HashSet<DateTimeOffset> done = await outcomes.EvaluatedAsync(mapping.Source, cancellationToken);
        // A window is closed when the last complete day of data reaches its end; before that a customer who has not come back may still do so.
        ScoringSummary[] closed = [.. all.Where(scoring => scoring.OutcomeEnd <= windows.LabelEnd)];

        var found = new List<ChurnOutcome>();
        var retention = new List<RetentionOutcome>();
        foreach (ScoringSummary scoring in closed.Where(scoring => !done.Contains(scoring.AsOf)))
        {
            if (await registry.FindAsync(scoring.ModelName, scoring.ModelVersion, cancellationToken) is not { } version)
            {
                context.Logger.LogWarning(
                    "{Model} v{Version} is not in the registry any more, so its scoring as of {AsOf:yyyy-MM-dd} is not judged", scoring.ModelName, scoring.ModelVersion, scoring.AsOf);
                continue;
            }

            HashSet<string> stayed = await Task.Run(
                () => Active(duckdb, lake.Scan(events), scoring.AsOf.AddDays(scoring.GapDays), scoring.OutcomeEnd, cancellationToken), cancellationToken);
            // Judged are those who were eligible for a label when the model learned.
            HashSet<string>? eligible = mapping.Churn.ObservationDays is { } days
                ? await Task.Run(() => Active(duckdb, lake.Scan(events), scoring.AsOf.AddDays(-days), scoring.AsOf, cancellationToken), cancellationToken)
                : null;
            (string Customer, double Probability)[] customers =
                [.. (await scorings.ProbabilitiesAsync(scoring, cancellationToken)).Where(one => eligible is null || eligible.Contains(one.Customer))];
            if (customers.Length == 0)
                continue;
            found.Add(ChurnOutcome.Of(
                scoring, version.Metrics, [.. customers.Select(one => !stayed.Contains(one.Customer))], [.. customers.Select(one => (float)one.Probability)],
                context.Attempt.RunId, context.Time.GetUtcNow()));
            if (await outcomes.TargetsAsync(mapping.Source, scoring.AsOf, cancellationToken) is { Count: > 0 } targets)
                retention.Add(RetentionOutcome.Of(mapping.Source, scoring.AsOf, Count(targets, stayed, heldOut: false), Count(targets, stayed, heldOut: true), context.Attempt.RunId, context.Time.GetUtcNow()));
        }

        await context.PublishAsync((scope, token) => OutcomeStore.SaveAsync(scope, found, retention, token), cancellationToken);
        return Conclude(mapping.Source, windows.LabelEnd, found, all.Count - closed.Length, retention.Count, inputs.FailOnDrift, context);
    }

    private static EvaluateOutcomesOutputs Conclude(
        string source, DateTimeOffset labelEnd, IReadOnlyList<ChurnOutcome> found, int open, int lists, bool failOnDrift, TaskContext context)
    {
        foreach (ChurnOutcome outcome in found)
        {
            context.Logger.LogInformation(
                "As of {AsOf:yyyy-MM-dd}, {Model} v{Version}: {Churned} of {Customers} customers churned, predicted {Predicted:P1}; ROC-AUC {RocAuc:F4}, on its test customers {Trained:F4}",
                outcome.AsOf, outcome.ModelName, outcome.ModelVersion, outcome.Churned, outcome.Customers, outcome.MeanProbability, outcome.RocAuc, outcome.TrainedRocAuc);
        }

        string[] problems = [.. found.SelectMany(Problems)];
        foreach (string problem in problems)
            context.Logger.LogWarning("{Problem}", problem);
        if (problems.Length > 0 && failOnDrift)
        {
            throw new TaskFailedException(
                $"{string.Join("; ", problems)}. Train again if the change is real, or roll back; set failOnDrift to false to be warned only.", FailureCause.BadData, retryable: false);
        }

        ChurnOutcome? newest = found.MaxBy(outcome => outcome.AsOf);
        return new EvaluateOutcomesOutputs(source, labelEnd, found.Count, open, lists, newest?.ChurnRate, newest?.RocAuc, problems);
    }

    private static IEnumerable<string> Problems(ChurnOutcome outcome)
    {
        string who = string.Create(CultureInfo.InvariantCulture, $"{outcome.ModelName} v{outcome.ModelVersion} as of {outcome.AsOf:yyyy-MM-dd}");
        if (outcome.LabelDrift)
            yield return string.Create(CultureInfo.InvariantCulture, $"{who}: {100 * outcome.ChurnRate:F1} % churned, among its test customers {100 * outcome.TrainedRate:F1} % (allowed difference {100 * outcome.RateThreshold:F1} points)");
        if (outcome.Decayed)
            yield return string.Create(CultureInfo.InvariantCulture, $"{who}: ROC-AUC {outcome.RocAuc:F4} (at most {outcome.Metrics.RocAucInterval.High:F4}), on its test customers {outcome.TrainedRocAuc:F4}");
    }

    private static (long Churned, long All) Count(IReadOnlyList<(string Customer, bool IsHeldOut)> targets, HashSet<string> stayed, bool heldOut) =>
        (targets.LongCount(target => target.IsHeldOut == heldOut && !stayed.Contains(target.Customer)), targets.LongCount(target => target.IsHeldOut == heldOut));

    /// <summary>Customers active from a moment on and before another.</summary>
    private static HashSet<string> Active(DuckDbConnection duckdb, string events, DateTimeOffset from, DateTimeOffset before, CancellationToken cancellationToken)
    {
        using DuckDbReader rows = duckdb.Query(
            $"""
            select distinct customer_id
            from {events}
            where is_activity
              and event_time >= $from_time::timestamp
              and event_time < $before_time::timestamp
            """,
            new { from_time = from.UtcDateTime, before_time = before.UtcDateTime }, cancellationToken);
        var customers = new HashSet<string>(StringComparer.Ordinal);
        while (rows.Read())
            customers.Add(rows.Get<string>(0));
        return customers;
    }
}
