using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Features.Drift;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Sources;
using EcomWorkflows.Pipeline.Training;
using EcomWorkflows.Pipeline.Training.Learners;
using EcomWorkflows.Pipeline.Training.Registry;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Pipeline.Scoring.Drift;

/// <summary>Compares the probabilities of the newest scoring with those the model gave its test customers, and with the scoring before.</summary>
[TaskType("Ecom.CheckScoreDrift", DisplayName = "Check score drift", Category = "Scoring", Description =
    "Compares the newest scoring's probabilities with those the same model gave its test customers and with the scoring before: PSI with a threshold that knows the sample sizes. Fails on drift unless told not to, so that callbacks tell of it.")]
public sealed class CheckScoreDriftTask(SourceCatalog sources, LakeStore lake, ModelRegistry registry, ModelLoader loader, ChurnScorings scorings, PipelineOptions options)
    : ITask<CheckScoreDriftInputs, CheckScoreDriftOutputs>
{
    private const int References = 2;

    /// <summary>Rows looked at on either side where there are more: PSI of so many is good to a hundredth of its threshold.</summary>
    private const int Sample = 50_000;

    public async Task<TaskResult<CheckScoreDriftOutputs>> RunAsync(CheckScoreDriftInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        SourceMapping mapping = sources.Get(inputs.Source);
        IReadOnlyList<ScoringSummary> all = await scorings.ListAsync(mapping.Source, cancellationToken);
        if (all.Count == 0)
            throw new TaskFailedException($"Customers of '{inputs.Source}' have not been scored yet. Run Ecom.ScoreChurn first.", FailureCause.Dependency, retryable: false);
        ScoringSummary scoring = all[0];
        double[] now = await scorings.ScoresAsync(scoring, Sample, cancellationToken);

        var drifts = new List<ScoreDrift>();
        ModelVersion? version = await registry.FindAsync(scoring.ModelName, scoring.ModelVersion, cancellationToken);
        if (version is not null && await lake.GetAsync(version.Lineage.TrainingSnapshotId, cancellationToken) is { } trained)
        {
            double[] then = await Task.Run(() => TestScores(version, trained, context, cancellationToken), cancellationToken);
            ScoreDrift drift = Judge(scoring, ScoreDrift.Training, version.Lineage.TestCutoff, version.Version, now, then, context);
            // Where only lately active customers are labelled, the test customers are others than those scored, and differ for that alone.
            drifts.Add(mapping.Churn.ObservationDays is null ? drift : drift with { Drifted = false });
        }

        if (all.Count > 1)
            drifts.Add(Judge(scoring, ScoreDrift.Previous, all[1].AsOf, all[1].ModelVersion, now, await scorings.ScoresAsync(all[1], Sample, cancellationToken), context));
        await context.PublishAsync((scope, token) => ScoreDriftStore.SaveAsync(scope, drifts, token), cancellationToken);
        return Conclude(scoring, drifts, inputs.FailOnDrift, context);
    }

    private static CheckScoreDriftOutputs Conclude(ScoringSummary scoring, IReadOnlyList<ScoreDrift> drifts, bool failOnDrift, TaskContext context)
    {
        ScoreDrift[] drifted = [.. drifts.Where(drift => drift.Drifted)];
        string[] found = [.. drifted.Select(Words)];
        foreach (string words in found)
            context.Logger.LogWarning("The scores of {Source} as of {AsOf:yyyy-MM-dd} drifted: {Found}", scoring.Source, scoring.AsOf, words);
        if (found.Length > 0 && failOnDrift)
        {
            throw new TaskFailedException(
                $"The scores of {scoring.Source} as of {scoring.AsOf:yyyy-MM-dd} by {scoring.ModelName} v{scoring.ModelVersion} drifted: {string.Join("; ", found)}. "
                + $"Look at /models/{scoring.ModelName}/{scoring.ModelVersion} and at the drift of its features; train again if the change is real, or set failOnDrift to false to be warned only.",
                FailureCause.BadData, retryable: false);
        }

        return new CheckScoreDriftOutputs(
            scoring.Source, scoring.AsOf, scoring.ModelName, scoring.ModelVersion, PsiOf(ScoreDrift.Training), PsiOf(ScoreDrift.Previous), [.. drifted.Select(drift => drift.Reference)]);

        double? PsiOf(string reference) => drifts.FirstOrDefault(drift => drift.Reference == reference)?.Psi;
    }

    private static string Words(ScoreDrift drift) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"against {(drift.Reference == ScoreDrift.Training ? "the model's test customers" : $"the scoring before (v{drift.ReferenceVersion})")} of {drift.ReferenceAsOf:yyyy-MM-dd} PSI is {drift.Psi:F3} (allowed {drift.PsiThreshold:F3}), the mean {drift.Mean:F3} after {drift.ReferenceMean:F3}");

    private static ScoreDrift Judge(ScoringSummary scoring, string reference, DateTimeOffset referenceAsOf, int referenceVersion, double[] now, double[] then, TaskContext context)
    {
        if (now.Length == 0 || then.Length == 0)
            throw new TaskFailedException($"The scoring of {scoring.Source} as of {scoring.AsOf:yyyy-MM-dd}, or its reference '{reference}', holds no customer.", FailureCause.BadData, retryable: false);
        FeatureDrift judged = DriftMeasure.Judge("score", now, then, isNumber: true, References);
        return new ScoreDrift(
            scoring.Source, scoring.AsOf, reference, scoring.ModelName, scoring.ModelVersion, referenceAsOf, referenceVersion, now.Length, then.Length, now.Average(), then.Average(),
            judged.Psi!.Value, judged.PsiThreshold!.Value, judged.Ks!.Value, judged.KsThreshold!.Value, judged.Psi > judged.PsiThreshold, context.Attempt.RunId, context.Time.GetUtcNow());
    }

    /// <summary>What the model says of a sample of its own test customers.</summary>
    private double[] TestScores(ModelVersion version, LakeSnapshot trained, TaskContext context, CancellationToken cancellationToken)
    {
        using FittedModel model = loader.Load(version);
        using DuckDbConnection duckdb = DuckDbConnection.Open(new DuckDbOptions { MemoryLimit = options.DuckDbMemoryLimit, Threads = options.Threads, TempDirectory = context.WorkFolder });
        using DuckDbReader rows = duckdb.Query(
            $"""
            select {FeatureBlockReader.SelectList(model.FeatureNames)}
            from {lake.Scan(trained)}
            where split = 'test'
              and hash(customer_id) % {Math.Max(1, version.Metrics.Rows / Sample)} = 0
            """,
            null, cancellationToken);
        int columns = model.FeatureNames.Count;
        var scores = new List<double>();
        while (rows.NextChunk())
        {
            float[] block = new float[rows.ChunkRows * columns];
            FeatureBlockReader.CopyChunk(rows, 0, columns, block);
            float[] probabilities = new float[rows.ChunkRows];
            model.Predict(block, rows.ChunkRows, probabilities);
            scores.AddRange(probabilities.Select(probability => (double)probability));
        }

        return [.. scores];
    }
}
