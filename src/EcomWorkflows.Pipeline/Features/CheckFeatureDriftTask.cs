using Dapper;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features.Definitions;
using EcomWorkflows.Pipeline.Features.Drift;
using EcomWorkflows.Pipeline.Features.Offline;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>Compares the newest values of a view with those of an earlier time, feature by feature, and says which have drifted.</summary>
[TaskType("Ecom.CheckFeatureDrift", DisplayName = "Check feature drift", Category = "Features",
    Description = "Compares the newest row of every entity with the newest one some weeks before: PSI and KS with thresholds that know the sample sizes, and null rates. Fails on drift unless told not to, so that callbacks tell of it; skipped while the view has no values.")]
internal sealed class CheckFeatureDriftTask(FeatureCatalog catalog, FeatureRegistry registry, FeatureHistory history, PipelineOptions options) : ITask<CheckFeatureDriftInputs, CheckFeatureDriftOutputs>
{
    private const int Sample = 20_000;

    public async Task<TaskResult<CheckFeatureDriftOutputs>> RunAsync(CheckFeatureDriftInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        if (inputs.ReferenceDays < 1)
            throw new TaskFailedException($"referenceDays is {inputs.ReferenceDays}; allowed: 1 or more.", retryable: false);
        var snapshot = await registry.ReadAsync(cancellationToken);
        if (snapshot.FindView(inputs.View) is not { } view)
        {
            var defined = catalog.FindView(inputs.View) ?? throw new TaskFailedException(
                $"There is no feature view '{inputs.View}'. Registered are: {string.Join(", ", snapshot.Views.Select(v => v.Name))}.", retryable: false);
            return new TaskResult<CheckFeatureDriftOutputs>.Skipped(
                $"The feature view '{inputs.View}' has no values yet; {defined.From.Task ?? "Ecom.MaterializeFeatures"} makes the first ones.");
        }
        var scan = await history.OpenAsync(view, cancellationToken);
        var found = await Task.Run(() => Compare(view, scan, inputs.ReferenceDays, context, cancellationToken), cancellationToken);
        if (found is not { } compared)
        {
            context.Logger.LogInformation("Feature view {View} v{Version} has values of one time only: there is nothing to compare them with yet", view.Name, view.Version);
            return new CheckFeatureDriftOutputs(view.Name, view.Version, null, null, view.Features.Count, [], null, null);
        }
        await context.PublishAsync((scope, ct) => SaveAsync(scope, view, compared, context.Time.GetUtcNow(), ct), cancellationToken);
        var drifted = compared.Drifts.Where(d => d.Drifted).ToArray();
        var worst = compared.Drifts.MaxBy(d => d.Psi ?? double.MinValue);
        foreach (var drift in drifted)
            context.Logger.LogWarning(
                "{Feature} drifted: PSI {Psi:F3} (allowed {PsiThreshold:F3}), KS {Ks:F3}, null rate {NullRate:P1} after {ReferenceNullRate:P1}",
                drift.Feature, drift.Psi, drift.PsiThreshold, drift.Ks, drift.NullRate, drift.ReferenceNullRate);
        if (drifted.Length > 0 && inputs.FailOnDrift)
            throw new TaskFailedException(
                $"{drifted.Length} of {view.Features.Count} features of {view.Name} v{view.Version} drifted between {compared.Reference:yyyy-MM-dd} and {compared.AsOf:yyyy-MM-dd}: "
                + $"{string.Join(", ", drifted.Select(d => d.Psi > d.PsiThreshold ? $"{d.Feature} (PSI {d.Psi:F3}, allowed {d.PsiThreshold:F3})" : $"{d.Feature} (null rate {d.NullRate:P1} after {d.ReferenceNullRate:P1})"))}. "
                + $"Look at /features/{view.Name}; train again if the change is real, or set failOnDrift to false to be warned only.",
                FailureCause.BadData, retryable: false);
        return new CheckFeatureDriftOutputs(
            view.Name, view.Version, compared.AsOf, compared.Reference, view.Features.Count, [.. drifted.Select(d => d.Feature)], worst?.Feature, worst?.Psi);
    }

    private (DateTimeOffset AsOf, DateTimeOffset Reference, IReadOnlyList<FeatureDrift> Drifts)? Compare(
        FeatureView view, HistoryScan scan, int days, TaskContext context, CancellationToken cancellationToken)
    {
        using var duck = DuckDbConnection.Open(new DuckDbOptions { MemoryLimit = options.DuckDbMemoryLimit, Threads = options.Threads, TempDirectory = context.WorkFolder });
        scan.Attach(duck, "history", cancellationToken);
        if (duck.QueryRows("select max(event_timestamp), min(event_timestamp) from history", row => (row.Get<DateTime?>(0), row.Get<DateTime?>(1)), ct: cancellationToken)[0]
            is not ({ } newest, { } oldest) || newest == oldest)
            return null;
        var reference = newest.AddDays(-days) > oldest ? newest.AddDays(-days) : oldest;
        var (now, then) = (Values(duck, view, newest, cancellationToken), Values(duck, view, reference, cancellationToken));
        if (now[0].Length == 0 || then[0].Length == 0)
            return null;
        return (Utc(newest), Utc(reference), [.. view.Features.Select((f, i) => DriftMeasure.Judge(f.Name, now[i], then[i], f.Type != FeatureType.String, view.Features.Count))]);
    }

    /// <summary>By feature, the values of a sample of the entities as they were at a time; NaN for null. Of texts, 0 stands for any.</summary>
    private static double[][] Values(DuckDbConnection duck, FeatureView view, DateTime at, CancellationToken cancellationToken)
    {
        var columns = view.Features.Select(f => f.Type switch
        {
            FeatureType.String => $"case when {DuckDbSql.Identifier(f.Name)} is not null then 0::double end",
            FeatureType.Timestamp => $"epoch({DuckDbSql.Identifier(f.Name)})::double",
            _ => $"{DuckDbSql.Identifier(f.Name)}::double",
        });
        var rows = duck.QueryRows(
            $"""
            select {string.Join(", ", columns)}
            from (
              select *
              from history
              where event_timestamp <= $at::timestamp
                and {(view.Ttl is { } ttl ? $"event_timestamp >= $at::timestamp - to_microseconds({(long)ttl.TotalMicroseconds})" : "true")}
              qualify row_number() over (partition by entity_key order by event_timestamp desc, created_timestamp desc) = 1
            )
            order by hash(entity_key)
            limit {Sample}
            """,
            row => Enumerable.Range(0, view.Features.Count).Select(i => row.Get<double?>(i) ?? double.NaN).ToArray(), new { at }, cancellationToken);
        return [.. view.Features.Select((_, i) => rows.Select(r => r[i]).ToArray())];
    }

    private static Task SaveAsync(
        PublishScope scope, FeatureView view, (DateTimeOffset AsOf, DateTimeOffset Reference, IReadOnlyList<FeatureDrift> Drifts) compared, DateTimeOffset checkedAt,
        CancellationToken cancellationToken) =>
        scope.Connection.ExecuteAsync(new CommandDefinition(
            """
            insert into features.drift (view_id, version, checked_at, as_of, reference_as_of, feature, rows, reference_rows, psi, psi_threshold, ks, ks_threshold,
              null_rate, reference_null_rate, null_threshold, drifted, run_id)
            values (@Id, @Version, @at, @asOf, @reference, @Feature, @Rows, @ReferenceRows, @Psi, @PsiThreshold, @Ks, @KsThreshold,
              @NullRate, @ReferenceNullRate, @NullThreshold, @Drifted, @RunId)
            on conflict do nothing
            """,
            compared.Drifts.Select(d => new
            {
                view.Id, view.Version, at = checkedAt.UtcDateTime, asOf = compared.AsOf.UtcDateTime, reference = compared.Reference.UtcDateTime,
                d.Feature, d.Rows, d.ReferenceRows, d.Psi, d.PsiThreshold, d.Ks, d.KsThreshold, d.NullRate, d.ReferenceNullRate, d.NullThreshold, d.Drifted, scope.Attempt.RunId,
            }).ToArray(),
            scope.Transaction, cancellationToken: cancellationToken));

    private static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
